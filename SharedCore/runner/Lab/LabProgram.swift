import ArgumentParser
import Captions
import Runner
import Utils

/// The tool for everything that is not one model's training: data sets, and the record of all runs.
struct LabProgram: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab",
    abstract:
      "Shows the models and their history, counts and checks networks, looks after data sets and the record of all runs.",
    subcommands: [
      DataCommand.self, RunsCommand.self, ShowCommand.self, BestCommand.self, DiffCommand.self,
      InspectCommand.self, ReproduceCommand.self, ExportCommand.self,
      ModelsCommand.self, TimelineCommand.self, SummaryCommand.self, CompareCommand.self,
      GradcheckCommand.self, ConvertCommand.self, WeightsCommand.self, ONNXCommand.self,
      MLflowCommand.self, CaptionsCommand.self,
    ])

  /// Runs with `arguments` and gives the exit code: 0, 1 for a failure, 2 for a wrong command line.
  static func run(_ arguments: [String]) -> Int32 {
    runCommand(self, arguments, help: "\(path(arguments)) --help") { try checkName(arguments.first) }
  }

  /// The command that is meant: `lab mlflow push`.
  private static func path(_ arguments: [String]) -> String {
    var (command, words): (any ParsableCommand.Type, [String]) = (LabProgram.self, ["lab"])
    for word in arguments {
      let next = command.configuration.subcommands.first { $0.configuration.commandName == word }
      guard let next else { break }
      (command, words) = (next, words + [word])
    }
    return words.joined(separator: " ")
  }

  /// Answers a misspelt command with the nearest one and the list.
  private static func checkName(_ name: String?) throws {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard let name, !name.hasPrefix("-"), !names.contains(name) else { return }
    let near = nearestName(to: name, in: names).map { "did you mean \($0)? " } ?? ""
    throw LabError(
      .usage, "lab has no command \(name.quoted)",
      remedy: near + "the commands are \(names.joined(separator: ", "))")
  }
}
