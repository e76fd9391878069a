import Engine
import Foundation
import Utils

/// A file of weights that anybody may have written, opened for reading.
///
/// What it is follows from its first bytes, not from its name: safetensors, also in several files; PyTorch's .pt and .pth,
/// the ZIP archives and what came before them; NumPy's .npy and .npz. Everything is checked before an element is given
/// out; nothing in a file is ever run; nothing is written. A file that would unfold into far more than its size is refused
/// (`DecodedLimit`). Errors are `LabError(.checkpoint)`, one sentence that names the file.
public struct WeightsFile: Sendable {
  /// What a file is.
  public enum Format: String, Sendable {
    case safetensors
    case shardedSafetensors = "safetensors in several files"
    case torch = "PyTorch"
    case legacyTorch = "PyTorch before 1.6"
    case numpyArray = "NumPy array"
    case numpyArchive = "NumPy arrays"
  }

  /// What the file is.
  public let format: Format
  /// Its tensors: of PyTorch's files and of .npz in their order, of others by name.
  public let tensors: [WeightsTensor]
  /// The texts and numbers that travel with them: metadata, or a PyTorch file's `epoch` and the like.
  public let metadata: [String: String]
  /// Where it lies.
  public let url: URL
  private let indices: [String: Int]

  /// Opens the file at `url`, or the safetensors in the folder at `url`.
  public static func read(_ url: URL) throws -> WeightsFile {
    let url = try Self.file(at: url)
    do { return try WeightsFile(url) } catch let defect as WeightsDefect {
      throw defect.error(url.relativePath)
    }
  }

  /// It begins with a pickle's protocol, and not with the length of a safetensors header, whose first bytes may be the same.
  private static func isPickle(_ data: Data) -> Bool {
    let bytes = Array(data.prefix(9))
    return bytes.count > 1 && bytes[0] == 0x80 && bytes[1] <= 5
      && !(bytes.count == 9 && bytes[8] == UInt8(ascii: "{"))
  }

  private init(_ url: URL) throws {
    let data = try MappedFile.bytes(of: url)
    self.url = url
    if ZipArchive.isZip(data) {
      let archive = try ZipArchive(data)
      if let pickle = TorchArchive.pickle(in: archive) {
        let torch = try TorchArchive(archive, pickle: pickle, fileSize: data.count)
        (format, tensors, metadata) = (.torch, torch.tensors, torch.facts)
      } else if NumPyFile.isArchive(archive) {
        (format, tensors, metadata) = (.numpyArchive, try NumPyFile.arrays(in: archive), [:])
      } else {
        throw WeightsDefect(
          "is a ZIP archive of neither PyTorch (no data.pkl in its folder) nor NumPy (not only .npy)",
          remedy: "give a file of weights")
      }
    } else if TorchLegacyFile.isLegacy(data) {
      let torch = try TorchLegacyFile(data)
      (format, tensors, metadata) = (.legacyTorch, torch.tensors, torch.facts)
    } else if NumPyFile.isArray(data) {
      let name = url.deletingPathExtension().lastPathComponent
      (format, tensors, metadata) = (.numpyArray, [try NumPyFile.array(name, in: data)], [:])
    } else if url.pathExtension == "json" {
      (tensors, metadata) = try ShardedSafetensors.read(url, data)
      format = .shardedSafetensors
    } else if Self.isPickle(data) {
      throw WeightsDefect(
        "is a pickle that torch.save has not written", remedy: "save it with torch.save, or as safetensors")
    } else {
      let file = try SafetensorsFile(contentsOf: url)
      (format, tensors) = (.safetensors, file.entries.map { WeightsTensor($0, in: file) })
      metadata = file.metadata
    }
    indices = Dictionary(zip(tensors.map(\.name), tensors.indices)) { first, _ in first }
  }

  /// The tensor called `name`, or nil when there is none.
  public subscript(name: String) -> WeightsTensor? { indices[name].map { tensors[$0] } }

  /// What a folder stands for: the list of its shards, else its `model.safetensors`.
  private static func file(at url: URL) throws -> URL {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue else {
      return url
    }
    for name in [ShardedSafetensors.indexName, "model.safetensors"] {
      let file = url.appending(path: name)
      if FileManager.default.fileExists(atPath: file.path) { return file }
    }
    throw LabError(
      .checkpoint, "\(url.relativePath) is a folder without model.safetensors",
      remedy: "name the file of weights")
  }
}
