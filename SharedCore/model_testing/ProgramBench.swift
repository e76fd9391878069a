import Foundation
import Runner
import Tracking
import Utils

/// The programs of a model package as they were built, run in a workspace of their own that is gone when the bench is.
public final class ProgramBench: Sendable {
  /// The workspace.
  public let root: URL
  private let folder: String

  /// A new workspace for the programs of `catalog`.
  public init(for catalog: ModelCatalog) throws {
    folder = catalog.folder
    root = FileManager.default.temporaryDirectory.appending(path: "\(folder)-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  /// Where the model's runs lie.
  public var outputs: URL { root.appending(path: "models/\(folder)/outputs", directoryHint: .isDirectory) }

  /// How a program ended and what it wrote.
  public struct Ending: Sendable {
    /// Its exit code, or minus the signal that ended it.
    public let code: Int32
    public let output, errors: String
  }

  /// Runs `train` and gives the folder of its run; throws a `LabError` with what it said when it fails.
  @discardableResult
  public func train(_ arguments: String..., environment: [String: String] = [:]) throws -> RunFolder {
    let ending = try run("train", arguments, environment: environment)
    guard ending.code == 0 else {
      throw LabError(
        .training, "train \(arguments.joined(separator: " ")) ended with \(ending.code): \(ending.errors)",
        remedy: "mend the program, or the test")
    }
    let outputs =
      arguments.firstIndex(of: "--output-dir").map { URL(filePath: arguments[$0 + 1]) } ?? self.outputs
    return try RunFolder.find("latest", under: outputs)
  }

  /// Runs a program that is built beside the tests to its end.
  public func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Ending {
    try start(program, arguments, environment: environment).ending()
  }

  /// Starts a program that is built beside the tests.
  public func start(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Started {
    let tests = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    let built = tests.deletingLastPathComponent().appending(path: program)
    return try start(executable: built, arguments, environment: environment)
  }

  /// Starts any program; of the variables that the programs read it sees only those of `environment`.
  public func start(
    executable: URL, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Started {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = root
    var all = ProcessInfo.processInfo.environment
    for name in ["LAB_DATA", "LAB_THREADS", "KERNELS"] { all[name] = nil }
    let own = ["LAB_ROOT": root.path, "NO_COLOR": "1"].merging(environment) { $1 }
    process.environment = all.merging(own) { $1 }
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
  public struct Started {
    /// Its process, to which a test may send signals.
    public let process: Process
    fileprivate let output, errors: URL

    /// Waits until it is over.
    public func ending() throws -> Ending {
      process.waitUntilExit()
      let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
      return Ending(code: code, output: try text(output), errors: try text(errors))
    }
  }

  /// Every file below the outputs with its content: what a failure must leave as it was.
  public func contents() throws -> [String: Data] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: outputs.path)
    return Dictionary(
      uniqueKeysWithValues: paths.compactMap { path in
        (try? Data(contentsOf: outputs.appending(path: path))).map { (path, $0) }
      })
  }

  /// Waits until `condition` holds; false after half a minute.
  public func wait(until condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<3000 {
      if try condition() { return true }
      usleep(10_000)
    }
    return false
  }
}

/// What stands in a file.
public func text(_ url: URL) throws -> String { String(decoding: try Data(contentsOf: url), as: UTF8.self) }

/// The JSON value that stands in a file.
public func json(_ url: URL) throws -> JSONValue { try JSONValue(parsing: Array(Data(contentsOf: url))) }
