import ArgumentParser
import Captions
import Utils

/// `lab captions`: boundaries between captions of a video.
struct CaptionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "captions", abstract: "Finds where the captions of a video change.",
    subcommands: [
      CaptionMakeCommand.self, CaptionDatasetCommand.self, CaptionCheckCommand.self, CaptionModelsCommand.self,
    ])
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
