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
      CaptionModelsCommand.self, CaptionAugmentationsCommand.self, CaptionPretrainCommand.self,
      CaptionTrainCommand.self, CaptionCompareCommand.self,
      CaptionInferCommand.self, CaptionAnalyzeCommand.self, CaptionRankCommand.self,
    ])

  /// The command as it is parsed.
  public init() {}

  /// `train` of a package, and ends the process: on a data set as `lab captions train` where an experiment is given a name, else a
  /// row of the package's own table.
  public static func train(_ catalog: ModelCatalog) -> Never {
    let words = CommandLine.arguments.dropFirst()
    func has(_ names: String...) -> Bool {
      words.contains { word in names.contains { word == $0 || word.hasPrefix("\($0)=") } }
    }
    guard has("--name", "-n") else { Runner.train(catalog) }
    let own = catalog.architectures.first.map { ["--architecture", $0.name] } ?? []
    let arguments = words + (has("--architecture", "-a") ? [] : own)
    Foundation.exit(runCommand(CaptionTrainCommand.self, Array(arguments), help: "lab captions train --help"))
  }

  /// Runs the verb called `name` as a program of its own, and ends the process: 0, 1 for a failure, 2 for a wrong command line.
  public static func program(_ name: String) -> Never {
    guard let command = configuration.subcommands.first(where: { $0.configuration.commandName == name })
    else {
      trap("there is no verb \(name)")
    }
    Foundation.exit(runCommand(command, Array(CommandLine.arguments.dropFirst()), help: "\(name) --help"))
  }
}

/// `lab captions list-augmentations`: the ways to change the frames of training pairs.
struct CaptionAugmentationsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list-augmentations",
    abstract: "Lists the ways to change training frames, for train's --augmentation.")

  @Flag(help: "Answer with one line of JSON.")
  var json = false

  func run() {
    let entries = CaptionAugmentationRegistry.captions.list
    let rows = entries.map { entry -> JSONValue in
      [
        "name": .string(entry.name), "description": .string(entry.description),
        "steps": .array(entry.item.steps.map(\.json)),
      ]
    }
    print(
      json
        ? JSONValue.array(rows).text()
        : aligned(
          [["NAME", "WHAT BOTH FRAMES OF A TRAINING PAIR GO THROUGH"]]
            + entries.map { [$0.name, $0.description] }))
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
