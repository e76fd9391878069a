import Foundation

/// Runs the program `lab` that was built with the tests, in `folder`, and gives its exit code and all that it said.
public func runLab(
  _ arguments: [String], in folder: URL, environment: [String: String] = [:]
) throws -> (code: Int32, output: String) {
  let process = Process()
  process.executableURL = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "lab")
  process.arguments = arguments
  process.currentDirectoryURL = folder
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  let file = folder.appending(path: "said")
  try Data().write(to: file)
  let handle = try FileHandle(forWritingTo: file)
  process.standardOutput = handle
  process.standardError = handle
  try process.run()
  process.waitUntilExit()
  return (process.terminationStatus, try String(contentsOf: file, encoding: .utf8))
}
