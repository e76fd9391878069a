import Foundation
import Testing
import Utils

/// The built programs, run in a workspace of their own that is gone when the bench is.
final class Bench: Sendable {
  let root: URL

  init() throws {
    root = FileManager.default.temporaryDirectory.appending(path: "adaline-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  /// The folder of the newest run.
  var latest: URL { root.appending(path: "models/02_adaline/outputs/latest") }

  /// Runs a program that is built beside the tests to its end.
  func run(_ program: String, _ arguments: [String]) throws -> (code: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: program)
    process.arguments = arguments
    process.currentDirectoryURL = root
    process.environment = ProcessInfo.processInfo.environment.merging([
      "LAB_ROOT": root.path, "NO_COLOR": "1",
    ]) { $1 }
    let files = try ["out", "err"].map { name in
      let url = root.appending(path: "\(name)-\(UUID().uuidString)")
      try Data().write(to: url)
      return url
    }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try text(files[0]), try text(files[1]))
  }

  /// Runs `train`, expects it to succeed and gives what it recorded.
  func train(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> JSONValue {
    let ending = try run("train", arguments)
    #expect(ending.code == 0, "\(arguments): \(ending.errors)", sourceLocation: sourceLocation)
    return try JSONValue(parsing: Array(Data(contentsOf: latest.appending(path: "results.json"))))
  }
}

func text(_ url: URL) throws -> String { String(decoding: try Data(contentsOf: url), as: UTF8.self) }

/// The folder with the published data sets: LAB_DATA, else `shared/data` beside the repository; nil when there is none.
let realData: String? = {
  var repository = URL(fileURLWithPath: #filePath)
  for _ in 0..<5 { repository.deleteLastPathComponent() }
  let beside = repository.deletingLastPathComponent().appending(path: "shared/data").path
  return [ProcessInfo.processInfo.environment["LAB_DATA"], beside].compactMap(\.self)
    .first { FileManager.default.fileExists(atPath: $0 + "/mnist/train-images-idx3-ubyte.gz") }
}()

let whyNoRealData: Comment =
  "no MNIST: set LAB_DATA, or keep a data folder at ../shared/data beside the workspace"
