import Engine
import Foundation
import Utils

/// A file of `torch.save` since PyTorch 1.6: a ZIP archive with a pickle and the memory of its tensors.
struct TorchArchive {
  let tensors: [WeightsTensor]
  let facts: [String: String]

  /// The pickle of `archive`; nil when it is an archive of another kind.
  static func pickle(in archive: ZipArchive) -> ZipEntry? {
    archive.entries.first { entry in
      let parts = entry.name.split(separator: "/", omittingEmptySubsequences: false)
      return parts.count == 2 && parts[1] == "data.pkl"
    }
  }

  /// Reads `archive`, whose pickle is `pickle`.
  init(_ archive: ZipArchive, pickle: ZipEntry, fileSize: Int) throws {
    let root = String(pickle.name.dropLast("data.pkl".count))
    guard archive[root + "constants.pkl"] == nil else {
      throw WeightsDefect(
        "is a TorchScript program, not weights",
        remedy: "load it in PyTorch and save its state_dict() with torch.save")
    }
    guard archive[root + "version"] != nil else { throw WeightsDefect("has no version, as PyTorch asks for") }
    let isBigEndian = try Self.isBigEndian(archive, root)
    guard pickle.size <= Unpickler.largest else {
      throw WeightsDefect("holds a pickle of \(pickle.size) bytes")
    }
    let content = try archive.contents(of: pickle).withUnsafeBytes { try Unpickler.read($0).content }
    let names = try TorchNames(content)
    try TorchStorages.check(names, fileSize: fileSize)
    var storages = TorchStorages(isBigEndian: isBigEndian) { key in
      guard let entry = archive[root + "data/" + key] else {
        throw WeightsDefect("lacks the storage \(key.quoted)")
      }
      return try archive.contents(of: entry)
    }
    tensors = try names.tensors.map { try storages.tensor($0.name, $0.tensor) }
    facts = names.facts
  }

  private static func isBigEndian(_ archive: ZipArchive, _ root: String) throws -> Bool {
    guard let entry = archive[root + "byteorder"], entry.size <= 16 else { return false }
    let order = String(decoding: try archive.contents(of: entry), as: UTF8.self)
    guard ["little", "big"].contains(order) else { throw WeightsDefect("has the byte order \(order.quoted)") }
    return order == "big"
  }
}
