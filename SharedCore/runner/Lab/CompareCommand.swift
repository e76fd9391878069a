import ArgumentParser
import Foundation
import Plotting
import Runner
import Tracking
import Utils

/// `lab compare`: several models on one experiment; runs what is missing, then writes a report.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compares models on an experiment: trains what is missing, writes a report.",
    discussion: """
      Finished runs with the same settings and data are used again, so an interrupted comparison goes on with the same \
      command.
      """)

  @Option(help: ArgumentHelp("The experiment, which all of the models have.", valueName: "name"))
  var experiment: String
  @Option(
    help: ArgumentHelp(
      "The models, by number or name, separated by commas (default: all that have the experiment).",
      valueName: "01,03,09"))
  var models: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Passes over the training data (default: each model's own).", valueName: "n"))
  var epochs: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Runs a model, each with the next seed (default: 1).", valueName: "n"))
  var seeds: String?
  @Option(
    help: ArgumentHelp(
      "What the comparison is called (default: the experiment and the models).", valueName: "name"))
  var name: String?
  @Flag(help: "Leave out the models that do not have the experiment.")
  var skipMissing = false
  @Option(
    name: .customLong("data-root"),
    help: ArgumentHelp("Folder of the downloaded data sets.", valueName: "folder"))
  var dataRoot: String?
  @Option(parsing: .unconditional, help: ArgumentHelp("Threads that one operation may use.", valueName: "n"))
  var threads: String?
  @Argument(
    help: ArgumentHelp("Settings to change in every run, such as limit=1000.", valueName: "key=value"))
  var words: [String] = []

  func run() throws {
    let count = try seedCount()
    let workspace = try Workspace()
    let folders = try chosenModels(workspace)
    let name = try chosenName(folders)
    let folder = workspace.root.appending(path: "outputs/compare/\(name)")
    try OutputLinks.refuse(at: folder.deletingLastPathComponent())
    let lock = try FolderLock.comparison(folder)
    defer { withExtendedLifetime(lock) {} }
    ComparisonSignals.watch()

    let database = try ExperimentDatabase(workspace.database)
    if let notice = database.notice { Terminal.writeError("warning: \(notice)\n") }
    let work = ComparisonWork(
      workspace: workspace, database: database, folder: folder, experiment: experiment, arguments: arguments,
      common: commonArguments)
    defer { work.cleanUp() }
    let models = try work.prepare(folders, skipMissing: skipMissing)
    let rows = try work.train(models, seeds: count)
    let comparison = Comparison(name: name, experiment: experiment, rows: rows, command: command(name))
    let files = try comparison.write(to: folder, regions: work.regions(comparison.rows), database)
    print("\n" + aligned([Comparison.columns] + comparison.cells))
    print("\nwritten: \(files[0].path) and \(files.count - 1) files beside it")
    if !comparison.failures.isEmpty {
      throw LabError(
        .training, "\(comparison.failures.count) runs failed: \(comparison.failures[0])",
        remedy: "see \(folder.path)/logs, then give the same command again")
    }
  }

  private func seedCount() throws -> Int {
    guard let seeds else { return 1 }
    guard let count = Int(seeds), (1...100).contains(count) else {
      throw LabError(.usage, "--seeds is \(seeds)", remedy: "give a whole number from 1 to 100")
    }
    return count
  }

  /// The folders of the models, each once.
  private func chosenModels(_ workspace: Workspace) throws -> [String] {
    guard let models else { return try modelsWithTheExperiment(workspace) }
    let words = models.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
      !$0.isEmpty
    }
    var chosen: [String] = []
    for word in words {
      let folder = try workspace.model(named: word)
      if !chosen.contains(folder) { chosen.append(folder) }
    }
    guard !chosen.isEmpty else {
      throw LabError(
        .usage, "--models names no model",
        remedy: "the models are \(workspace.models.joined(separator: ", "))")
    }
    return chosen
  }

  /// Those on whose card the experiment stands, so that nothing has to be built to find them.
  private func modelsWithTheExperiment(_ workspace: Workspace) throws -> [String] {
    let cards = workspace.models.compactMap { name in
      (try? ModelCard(contentsOf: workspace.root.appending(path: "models/\(name)/card.yaml")))
        .map { (name: name, experiments: $0.experiments ?? []) }
    }
    let having = cards.filter { $0.experiments.contains(experiment) }.map(\.name)
    guard having.isEmpty else { return having }
    let shared = Dictionary(cards.flatMap { $0.experiments.map { ($0, 1) } }, uniquingKeysWith: +)
      .filter { $0.value > 1 && $0.key != "debug" }.keys.sorted()
    throw LabError(
      .usage, "no model has an experiment \(experiment) on its card",
      remedy: shared.isEmpty
        ? "name the models with --models" : "several have \(shared.joined(separator: ", "))")
  }

  private func chosenName(_ folders: [String]) throws -> String {
    let numbers = folders.map { folder in String(folder.prefix { $0 != "_" }) }
    let chosen = name ?? ([experiment] + (models == nil ? ["all"] : numbers)).joined(separator: "-")
    let isPlain = chosen.unicodeScalars.allSatisfy { letter in
      "a"..."z" ~= letter || "A"..."Z" ~= letter || "0"..."9" ~= letter
        || "-_.".unicodeScalars.contains(letter)
    }
    guard isPlain, !chosen.isEmpty, !chosen.hasPrefix("."), chosen.count <= 100 else {
      throw LabError(
        .usage, "the comparison cannot be called \(chosen.quoted)",
        remedy: "give --name with letters, digits, - and _")
    }
    return chosen
  }

  /// What every run is given beside its seed.
  private var arguments: [String] { (epochs.map { ["--epochs", $0] } ?? []) + words }

  private var commonArguments: [String] {
    (dataRoot.map { ["--data-root", URL(filePath: $0).path] } ?? [])
      + (threads.map { ["--threads", $0] } ?? [])
  }

  private func command(_ name: String) -> String {
    let words =
      ["--experiment", experiment] + (models.map { ["--models", $0] } ?? [])
      + (epochs.map { ["--epochs", $0] } ?? [])
      + (seeds.map { ["--seeds", $0] } ?? []) + (self.name == nil ? [] : ["--name", name]) + self.words
    return "swift run lab compare " + words.map(shellQuoted).joined(separator: " ")
  }
}
