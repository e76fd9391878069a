import Foundation
import Utils

/// The bytes of a file, mapped and not read: only what is looked at costs time and memory.
enum MappedFile {
  /// The content of the regular file at `url`; throws a `LabError` that names it.
  static func bytes(of url: URL) throws -> Data {
    let path = url.relativePath
    let type = try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)[.type]
    guard let type = type as? FileAttributeType else {
      throw LabError(.checkpoint, "\(path) does not exist", remedy: "check the path")
    }
    guard type == .typeRegular else {
      throw LabError(.checkpoint, "\(path) is not a file", remedy: "name a file of weights")
    }
    do {
      return try Data(contentsOf: url, options: .alwaysMapped)
    } catch {
      throw LabError(.checkpoint, "\(path) cannot be read", remedy: "check that you may read it")
    }
  }
}
