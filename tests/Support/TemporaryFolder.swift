import Foundation

/// A new folder that is gone when the last reference to it is.
public final class TemporaryFolder {
  /// Where it lies.
  public let url: URL

  /// Makes the folder among the system's temporary files.
  public init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "lab-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes `bytes` to the file at `path` in this folder, in new folders where there are none.
  @discardableResult
  public func write(_ bytes: some Sequence<UInt8>, to path: String) throws -> URL {
    let file = url.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return file
  }
}
