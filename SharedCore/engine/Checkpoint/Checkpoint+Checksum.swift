import Foundation
import Utils

/// What tells a checkpoint that a disk or a copy has changed from one that is as it was written.
extension Checkpoint {
  /// The metadata that holds the checksum.
  static let checksumKey = "sha256"

  /// SHA-256 of the description and of the name, shape and numbers of everything saved, in the order of names: equal
  /// checkpoints have equal ones, whenever and wherever they were written.
  static func checksum(_ description: String, _ contents: [String: Contents]) -> String {
    var digest = SHA256()
    func add(_ text: String) { Array(text.utf8).withUnsafeBytes { digest.update($0) } }
    add(description)
    for (name, item) in contents.sorted(by: { $0.key < $1.key }) {
      add("\n\(name) \(item.shapeText)\n")
      switch item {
      case .floats(let numbers, _): numbers.withUnsafeBytes { digest.update($0) }
      case .integer(let number): withUnsafeBytes(of: number.littleEndian) { digest.update($0) }
      }
    }
    return digest.finish()
  }

  /// Throws where the file at `url`, whose `metadata` these are, holds something else than was written; files from before
  /// there were checksums, and those of others, pass.
  func check(against metadata: [String: String], _ url: URL) throws {
    guard let description = metadata["lab"], let sum = metadata[Self.checksumKey] else { return }
    guard Self.checksum(description, contents) == sum else {
      throw LabError(
        .checkpoint, "\(url.path) is damaged: its numbers are not those that were written",
        remedy: "take another copy of it, or another checkpoint of the run")
    }
  }
}
