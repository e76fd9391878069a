import ArgumentParser
import Foundation
import Runner
import Tracking
import Utils

/// A model package as `lab models` and `lab timeline` see it: its folder, and its card or what is wrong with it.
private struct ShownModel {
  let folder: String
  let card: Result<ModelCard, LabError>

  static func all(in workspace: Workspace) -> [ShownModel] {
    workspace.models.map { folder in
      let url = workspace.root.appending(path: "models/\(folder)/card.yaml")
      return ShownModel(folder: folder, card: Result { () throws(LabError) in try readCard(url) })
    }
  }

  private static func readCard(_ url: URL) throws(LabError) -> ModelCard {
    do { return try ModelCard(contentsOf: url) } catch let error as LabError { throw error } catch {
      throw LabError(.model, "\(url.path): \(error)", remedy: "write it anew")
    }
  }
}

/// `lab models`: a line a model, without building any.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "Lists the models: year, parameters, experiments, the last run.")

  @Argument(
    help: ArgumentHelp("A model's folder or a part of its name, to see all of its card.", valueName: "model"))
  var name: String?

  func run() throws {
    let workspace = try Workspace()
    if let name {
      let folder = try workspace.model(named: name)
      let card = try ModelCard(contentsOf: workspace.root.appending(path: "models/\(folder)/card.yaml"))
      return print(all(about: card, folder))
    }
    let models = ShownModel.all(in: workspace)
    guard !models.isEmpty else {
      throw LabError(
        .usage, "there is no model below \(workspace.root.path)/models",
        remedy: "make one: scripts/new-model 42_name \"Title\"")
    }
    let hasRuns = FileManager.default.fileExists(atPath: workspace.database.path)
    let database = hasRuns ? try ExperimentDatabase(workspace.database, create: false) : nil
    let rows = try models.map { try row($0, state: state(of: $0, database)) }
    print(aligned([["MODEL", "NAME", "YEAR", "PARAMETERS", "EXPERIMENTS", "STATE"]] + rows))
  }

  private func row(_ model: ShownModel, state: String) -> [String] {
    guard let card = try? model.card.get() else { return [model.folder, "-", "-", "-", "-", state] }
    var parameters = "-"
    if let network = card.network { parameters = "\(grouped(network.parameters)) (\(network.experiment))" }
    let experiments = card.experiments.map { String($0.count) } ?? "-"
    return [model.folder, card.title, String(card.year), parameters, experiments, state]
  }

  /// Whether the card is whole, and how the newest run ended.
  private func state(of model: ShownModel, _ database: ExperimentDatabase?) throws -> String {
    if case .failure(let error) = model.card { return "\(error)" }
    guard let run = try database?.runs(RunFilter(model: model.folder), limit: 1).first else {
      return "no run yet"
    }
    let results = (try? Data(contentsOf: run.folder.appending(path: "results.json")))
      .flatMap { try? JSONValue(parsing: Array($0)) }
    let verdict = results?["within_band"]?.bool.map { $0 ? ", as expected" : ", not as expected" } ?? ""
    return "\(run.experiment) \(run.status.rawValue) \(Timestamp.readable(run.started))\(verdict)"
  }

  private func all(about card: ModelCard, _ folder: String) -> String {
    let width = max(Terminal.columns - 13, 30)
    var facts = [
      ("model", folder), ("name", "\(card.title), \(card.year)"),
      ("authors", card.authors.joined(separator: ", ")),
      ("paper", "\(card.paper), \(card.appeared)"), ("level", "\(card.level), module \(card.module)"),
      ("key idea", card.keyIdea), ("strength", card.strength), ("weakness", card.weakness),
    ]
    facts += card.published.map {
      ("published", "\($0.experiment) \($0.metric) \(figure($0.value)) (\($0.source))")
    }
    if let network = card.network {
      facts.append(("parameters", "\(grouped(network.parameters)) in \(network.experiment)"))
    }
    facts.append(("experiments", card.experiments?.joined(separator: ", ") ?? "see train --list-experiments"))
    return aligned(
      facts.flatMap { name, text in
        wrapped(text, width: width).enumerated().map { [$0 == 0 ? name : "", $1] }
      })
  }
}

/// `lab timeline`: the history of the models, told by their cards.
struct TimelineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timeline",
    abstract: "Tells the history of the models: what was new, what it could and could not.")

  func run() throws {
    let models = ShownModel.all(in: try Workspace())
    let cards = models.compactMap { model in (try? model.card.get()).map { (model.folder, $0) } }
      .sorted { ($0.1.year, $0.0) < ($1.1.year, $1.0) }
    let width = min(Terminal.columns, 110)
    for (place, (folder, card)) in cards.enumerated() {
      print(entry(card, folder, width: width, isLast: place == cards.count - 1))
    }
    for model in models {
      if case .failure(let error) = model.card { Terminal.writeError("warning: \(error)\n") }
    }
    guard !cards.isEmpty else {
      throw LabError(.model, "there is no card to tell of", remedy: "write models/NN_name/card.yaml")
    }
  }

  /// The year at the left, a line that leads to the next, and the text beside it.
  private func entry(_ card: ModelCard, _ folder: String, width: Int, isLast: Bool) -> String {
    let room = max(width - 18, 24)
    let line = isLast ? "        " : "   │    "
    var lines = wrapped(card.title, width: max(width - 8, 24)).enumerated().map { place, text in
      place == 0
        ? "\(Terminal.bold(String(card.year))) ●  \(Terminal.bold(text))" : "\(line)\(Terminal.bold(text))"
    }
    lines += wrapped("\(card.authors.joined(separator: ", ")) · \(folder)", width: room + 10).map {
      line + $0
    }
    for (name, text) in [("new", card.keyIdea), ("can", card.strength), ("cannot", card.weakness)] {
      lines += wrapped(text, width: room).enumerated().map { place, text in
        line + (place == 0 ? name.padding(toLength: 8, withPad: " ", startingAt: 0) : "        ") + text
      }
    }
    return lines.joined(separator: "\n") + (isLast ? "" : "\n   │")
  }
}
