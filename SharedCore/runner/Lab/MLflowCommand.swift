import ArgumentParser
import Foundation
import Runner
import Tracking
import Utils

/// `lab mlflow`: what a run has for an MLflow server.
struct MLflowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mlflow", abstract: "Sends runs to an MLflow server.", subcommands: [PushCommand.self])

  /// `lab mlflow push RUN`: what the server did not take while the run went on.
  struct PushCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "push", abstract: "Sends what a server did not take while the run went on.")

    @Argument(
      help: ArgumentHelp(
        "The run's id, its first three characters or more, latest, or its folder.", valueName: "run"))
    var reference: String
    @Option(
      help: ArgumentHelp(
        "Another server than the run's own, which then hears everything, or its address with user and password.",
        valueName: "address"))
    var to: String?

    func run() throws {
      let server = try to.map { try MLflowServer($0, flag: "--to") }
      let folder = try folder()
      let outbox = MLflowOutbox(ofRunIn: folder)
      var sender = try MLflowSender(outbox, server: server)
      guard let count = try sender.send() else {
        throw LabError(
          .tracking, "another process is sending \(folder.lastPathComponent)", remedy: "wait until it ends")
      }
      print(count == 0 ? "the server has everything" : "sent \(count) \(count == 1 ? "entry" : "entries")")
    }

    private func folder() throws -> URL {
      let url = URL(filePath: reference, directoryHint: .isDirectory).standardizedFileURL
      if RunFolder(at: url.resolvingSymlinksInPath()) != nil { return url.resolvingSymlinksInPath() }
      return try RunPlaces(openDatabase().database).folder(reference).url
    }
  }
}
