import ArgumentParser
import Foundation
import Runner
import Utils

/// `lab captions`: boundaries between captions of a video.
public struct CaptionsCommand: ParsableCommand {
  /// What it is called and the verbs that it has.
  public static let configuration = CommandConfiguration(
    commandName: "captions", abstract: "Finds where the captions of a video change.",
    subcommands: [
      CaptionMakeCommand.self, CaptionDatasetCommand.self, CaptionCheckCommand.self,
      CaptionModelsCommand.self,
      CaptionPretrainCommand.self, CaptionTrainCommand.self, CaptionCompareCommand.self,
      CaptionInferCommand.self, CaptionAnalyzeCommand.self, CaptionRankCommand.self,
    ])

  /// The command as it is parsed.
  public init() {}

  /// Runs the verb called `name` as a program of its own, and ends the process: 0, 1 for a failure, 2 for a wrong command line.
  public static func program(_ name: String) -> Never {
    guard let command = configuration.subcommands.first(where: { $0.configuration.commandName == name })
    else {
      trap("there is no verb \(name)")
    }
    Foundation.exit(runCommand(command, Array(CommandLine.arguments.dropFirst()), help: "\(name) --help"))
  }
}

/// `lab captions list-models`: the networks with their sizes.
struct CaptionModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list-models",
    abstract: "Lists the networks: parameters, how many of them learn, what they are.")

  @Option(
    name: .customLong("model-config"),
    help: ArgumentHelp("What they are built from, where it is not the published.", valueName: "json"))
  var modelConfig: String?
  @Flag(help: "Answer with one line of JSON.")
  var json = false

  func run() throws {
    let models = try CaptionModelList(CaptionConfiguration(text: modelConfig, source: "--model-config"))
    print(json ? models.json.text() : models.table)
  }
}
