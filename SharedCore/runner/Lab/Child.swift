import Foundation
import Utils

/// A program that `lab` starts and listens to.
struct Child {
  /// How a child ended, and what it wrote.
  struct Ending {
    let code: Int32
    let output, errors: String
  }

  let program: URL
  let arguments: [String]
  var folder: URL?
  var environment: [String: String] = [:]

  init(_ program: URL, _ arguments: [String]) {
    self.program = program
    self.arguments = arguments
  }

  /// Runs it to its end.
  func run() throws -> Ending {
    let process = try prepared()
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try start(process)
    let written = Drain(errors)
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Ending(
      code: process.terminationStatus, output: String(decoding: data, as: UTF8.self), errors: written.text())
  }

  /// The one JSON object that it answers on its last line.
  ///
  /// Throws what it complains of as its own error; where it broke a contract, which ends a process, `trapped` is the
  /// error's first words: "resnet18 does not take samples of 3x1x1".
  func answer(trapped: String) throws -> JSONValue {
    let ending = try run()
    if let line = ending.output.split(separator: "\n").last(where: { $0.hasPrefix("{") }), ending.code == 0,
      let answer = try? JSONValue(parsing: String(line))
    {
      return answer
    }
    let lines = ending.errors.split(separator: "\n").map(String.init)
    if let complaint = lines.last(where: { $0.hasPrefix("error: ") }) {
      throw Self.error(saying: String(complaint.dropFirst(7)), code: ending.code)
    }
    if let fact = lines.compactMap({ $0.split(separator: "Fatal error: ", maxSplits: 1).dropFirst().last })
      .first
    {
      throw LabError(.usage, "\(trapped): \(fact)", remedy: "give a larger sample, or one of another shape")
    }
    throw LabError(
      .model, "\(program.lastPathComponent) gave no answer (exit code \(ending.code)) \(lines.last ?? "")",
      remedy: "try it by hand: \(program.path) \(arguments.joined(separator: " "))")
  }

  func prepared() throws -> Process {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    // A broken contract is told in one sentence; a backtrace of it takes seconds.
    process.environment = ProcessInfo.processInfo.environment
      .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    return process
  }

  func start(_ process: Process) throws {
    do { try process.run() } catch {
      throw LabError(
        .usage, "\(program.path) cannot be started", remedy: "build the workspace, and see that it may be run"
      )
    }
  }

  /// A sentence of another program as an error again: the cause, a semicolon, the remedy.
  static func error(saying text: String, code: Int32) -> LabError {
    let parts = text.split(separator: "; ", maxSplits: 1).map(String.init)
    return LabError(
      code == 2 ? .usage : .model, parts[0],
      remedy: parts.count == 2 ? String(parts[1].trimmingSuffix { $0 == "." }) : "see its help")
  }
}

/// Reads a pipe to its end on a thread of its own, so that a child that says much on it does not wait for ever.
private final class Drain: @unchecked Sendable {
  private var data = Data()
  private let done = DispatchSemaphore(value: 0)

  init(_ pipe: Pipe) {
    Thread.detachNewThread { [self] in
      data = pipe.fileHandleForReading.readDataToEndOfFile()
      done.signal()
    }
  }

  /// All of it; waits for the end, and may be asked once.
  func text() -> String {
    done.wait()
    return String(decoding: data, as: UTF8.self)
  }
}

extension StringProtocol {
  /// The text without its last characters that `isSuffix` accepts.
  fileprivate func trimmingSuffix(while isSuffix: (Character) -> Bool) -> SubSequence {
    var rest = self[...]
    while let last = rest.last, isSuffix(last) { rest = rest.dropLast() }
    return rest
  }
}
