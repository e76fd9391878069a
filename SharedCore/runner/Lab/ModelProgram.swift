import Foundation
import Runner
import Utils

/// The `train` of a model, which `lab` builds and asks: nothing here depends on a model.
struct ModelProgram {
  /// The model's folder below `models`: `01_perceptron`.
  let folder: String
  private let workspace: Workspace

  /// The model that is called `name`, or the only one whose folder holds it.
  init(named name: String, in workspace: Workspace) throws {
    let models = workspace.root.appending(path: "models")
    let all = ((try? FileManager.default.contentsOfDirectory(atPath: models.path)) ?? []).filter {
      !$0.hasPrefix("_")
        && FileManager.default.fileExists(atPath: models.appending(path: "\($0)/Package.swift").path)
    }.sorted()
    let wanted = name.lowercased()
    let fitting =
      all.contains(name) ? [name] : all.filter { $0.lowercased().contains(wanted) && !wanted.isEmpty }
    guard fitting.count == 1 else {
      throw LabError(
        .usage,
        fitting.isEmpty
          ? "there is no model \(name.quoted)" : "\(name.quoted) may be \(fitting.joined(separator: " or "))",
        remedy: "the models are \(all.joined(separator: ", "))")
    }
    folder = fitting[0]
    self.workspace = workspace
  }

  /// What `train` with these arguments answers: one JSON object on its last line.
  func ask(_ arguments: [String]) throws -> JSONValue {
    let building = try swift(["build"], errorsWithOutput: true)
    guard building.code == 0 else {
      let lines = building.output.split(separator: "\n").filter { $0.contains("error:") }.prefix(3)
      throw LabError(
        .model, "\(folder) does not build: \(lines.joined(separator: " "))",
        remedy: "see all of it with: cd models/\(folder) && swift build")
    }
    let (output, code) = try swift(["run", "--skip-build", "train"] + arguments, errorsWithOutput: false)
    guard let line = output.split(separator: "\n").last(where: { $0.hasPrefix("{") }),
      let answer = try? JSONValue(parsing: String(line))
    else {
      throw LabError(
        .model, "the train of \(folder) gave no answer (exit code \(code))",
        remedy: "see its message above, and try: cd models/\(folder) && swift run train --help")
    }
    return answer
  }

  /// Runs `swift` in the model's folder.
  private func swift(_ arguments: [String], errorsWithOutput: Bool) throws -> (output: String, code: Int32) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["swift"] + arguments
    process.currentDirectoryURL = workspace.root.appending(path: "models/\(folder)")
    var environment = ProcessInfo.processInfo.environment
    if environment["SWIFTPM_BUILD_DIR"] == nil {
      environment["SWIFTPM_BUILD_DIR"] = workspace.root.appending(path: ".build").path
    }
    process.environment = environment
    let pipe = Pipe()
    process.standardOutput = pipe
    if errorsWithOutput { process.standardError = pipe }
    do { try process.run() } catch {
      throw LabError(.usage, "swift cannot be started", remedy: "put the toolchain into PATH")
    }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: data, as: UTF8.self), process.terminationStatus)
  }
}
