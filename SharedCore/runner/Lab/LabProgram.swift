import ArgumentParser
import Utils

/// The tool for everything that is not one model's training: data sets, and the record of all runs.
struct LabProgram: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab", abstract: "Looks after data sets and the record of all runs.",
    subcommands: [DataCommand.self, RunsCommand.self, ShowCommand.self, BestCommand.self, DiffCommand.self])

  /// Runs with `arguments` and gives the exit code: 0, 1 for a failure, 2 for a wrong command line.
  static func run(_ arguments: [String]) -> Int32 {
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
      return 0
    } catch let error as LabError {
      Terminal.writeError("error: \(error)\n")
      return error.exitCode
    } catch {
      let code = exitCode(for: error)
      let text = fullMessage(for: error)
      if code == .success {
        print(text)
      } else if !text.isEmpty {
        Terminal.writeError(text + "\n")
      }
      return code == .validationFailure ? 2 : code.rawValue
    }
  }
}
