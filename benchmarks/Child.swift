import Foundation
import Utils

/// A process that is started for its output.
enum Child {
  /// What `program` prints; throws when it fails.
  static func output(
    of program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: program.contains("/") ? program : "/usr/bin/env")
    process.arguments = program.contains("/") ? arguments : [program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    do { try process.run() } catch {
      throw LabError(.usage, "\(program) cannot be started", remedy: "check the path")
    }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw LabError(
        .training, "\(program) \(arguments.joined(separator: " ")) ended with \(process.terminationStatus)",
        remedy: "run it alone to see why")
    }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
