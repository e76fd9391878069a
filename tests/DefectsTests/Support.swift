import Foundation
import Testing
import Utils

/// A new folder that is gone when the last reference to it is.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "defects-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  @discardableResult
  func write(_ bytes: some Sequence<UInt8>, to path: String) throws -> URL {
    let file = url.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return file
  }
}

/// Runs `body`, expects a `LabError` that mentions all of `words`, and gives its sentence back.
@discardableResult
func expectLabError(
  mentioning words: String..., sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> String {
  do {
    try body()
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    return ""
  } catch let error as LabError {
    for word in words {
      #expect(error.description.contains(word), "\(word) in: \(error)", sourceLocation: sourceLocation)
    }
    #expect(!error.remedy.isEmpty, sourceLocation: sourceLocation)
    return error.description
  } catch {
    Issue.record("not a LabError: \(error)", sourceLocation: sourceLocation)
    return ""
  }
}
