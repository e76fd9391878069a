import Foundation
import Testing
import Tracking
import Utils

/// The built programs, run in a workspace of their own that is gone when the bench is.
final class Bench: Sendable {
  let root: URL

  init() throws {
    root = FileManager.default.temporaryDirectory.appending(path: "perceptron-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  var outputs: URL { root.appending(path: "models/01_perceptron/outputs", directoryHint: .isDirectory) }

  /// How a program ended and what it wrote.
  struct Ending {
    let code: Int32
    let output, errors: String
  }

  /// Runs `train`, expects it to succeed and gives the folder of its run.
  @discardableResult
  func train(
    _ arguments: String..., environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> RunFolder {
    let ending = try run("train", arguments, environment: environment)
    #expect(ending.code == 0, "\(arguments): \(ending.errors)", sourceLocation: sourceLocation)
    let outputs =
      arguments.firstIndex(of: "--output-dir").map { URL(filePath: arguments[$0 + 1]) } ?? self.outputs
    return try RunFolder.find("latest", under: outputs)
  }

  /// Runs a program to its end.
  func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Ending {
    try start(program, arguments, environment: environment).ending()
  }

  /// Starts a program that is built beside the tests.
  func start(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Started
  {
    let tests = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    let built = tests.deletingLastPathComponent().appending(path: program)
    return try start(executable: built, arguments, environment: environment)
  }

  /// Starts any program.
  func start(executable: URL, _ arguments: [String], environment: [String: String] = [:]) throws -> Started {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = root
    var all = ProcessInfo.processInfo.environment
    for name in ["LAB_DATA", "LAB_THREADS", "KERNELS"] { all[name] = nil }
    process.environment = all.merging(["LAB_ROOT": root.path, "NO_COLOR": "1"]) { $1 }.merging(environment) {
      $1
    }
    let streams = root.appending(path: ".streams-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: streams, withIntermediateDirectories: true)
    let files = try ["out", "err"].map { name in
      let url = streams.appending(path: name)
      try Data().write(to: url)
      return url
    }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    return Started(process: process, output: files[0], errors: files[1])
  }

  /// A program that runs.
  struct Started {
    let process: Process
    fileprivate let output, errors: URL

    func ending() throws -> Ending {
      process.waitUntilExit()
      let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
      return Ending(code: code, output: try text(output), errors: try text(errors))
    }
  }

  /// Every file below the outputs with its content: what a failure must leave as it was.
  func contents() throws -> [String: Data] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: outputs.path)
    return Dictionary(
      uniqueKeysWithValues: paths.compactMap { path in
        (try? Data(contentsOf: outputs.appending(path: path))).map { (path, $0) }
      })
  }

  /// Waits until `condition` holds; false after half a minute.
  func wait(until condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<3000 {
      if try condition() { return true }
      usleep(10_000)
    }
    return false
  }
}

func text(_ url: URL) throws -> String { String(decoding: try Data(contentsOf: url), as: UTF8.self) }

func json(_ url: URL) throws -> JSONValue { try JSONValue(parsing: Array(Data(contentsOf: url))) }

/// The checkpoints of a run, the last and the best.
func checkpoints(of run: RunFolder) throws -> [Data] {
  try [run.lastCheckpoint, run.bestCheckpoint].map { try Data(contentsOf: $0) }
}

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
