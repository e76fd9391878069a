import ArgumentParser
import Utils

/// `lab captions`: boundaries between captions of a video.
struct CaptionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "captions", abstract: "Finds where the captions of a video change.",
    subcommands: [CaptionMakeCommand.self, CaptionDatasetCommand.self, CaptionCheckCommand.self])
}
