import Foundation
import Utils

/// How a file of a data folder compares with the catalogue.
public enum FileStatus: Equatable, Sendable {
  /// Size and checksum are right.
  case good
  /// There is no such file.
  case missing
  /// It has another size, in bytes.
  case wrongSize(Int)
  /// It has the right size and another checksum.
  case wrongChecksum
  /// It is there and cannot be read.
  case unreadable

  /// "has 12 bytes": what is wrong, to stand behind the file's name; nil when nothing is.
  public func complaint(_ file: CatalogueEntry.File) -> String? {
    switch self {
    case .good, .missing: nil
    case .wrongSize(let size): "has \(size) bytes instead of \(file.bytes)"
    case .wrongChecksum: "has a wrong checksum"
    case .unreadable: "cannot be read"
    }
  }
}

extension DataFolder {
  /// Compares size and SHA-256 of `file` with what `entry` says.
  public func status(of file: CatalogueEntry.File, in entry: CatalogueEntry) -> FileStatus {
    let url = url(file, of: entry)
    guard let size = InputFile.size(url) else { return .missing }
    guard size == file.bytes else { return .wrongSize(size) }
    guard let sum = try? SHA256.hex(ofFileAt: url) else { return .unreadable }
    return sum == file.sha256 ? .good : .wrongChecksum
  }

  /// How many files of `entry` are there, whatever they hold.
  public func presentFileCount(_ entry: CatalogueEntry) -> Int {
    entry.files.count { InputFile.size(url($0, of: entry)) != nil }
  }
}
