import Foundation
import Tracking
import Utils

/// What a study keeps in its folder so that it can go on after an interruption: what it is, and the runs that have ended.
struct StudyRecord {
  let experiment: String
  /// All settings that the runs share, and those among them that somebody has given: the others follow the presets.
  let settings: JSONValue, given: JSONValue
  /// What is swept, and how many seeds each combination is trained with.
  let sweep: [(key: String, values: [String])], seeds: Int
  /// What the sweep file asked for; nil without one.
  let search: SweepSearch?
  /// The runs that have ended.
  var cells: [StudyCell] = []
  /// The runs that were begun and interrupted, the newest last.
  var unfinished: [String] = []

  /// The record of a study that begins.
  init(_ plan: StudyPlan) {
    experiment = plan.experiment.name
    (settings, given) = (plan.settings.json, plan.settings.givenValues)
    (sweep, seeds, search) = (plan.study.sweep, plan.study.seeds, plan.study.search)
  }

  /// What `folder` holds; nil when it is not a study's.
  init?(in folder: RunFolder) throws {
    let url = Self.file(in: folder)
    guard let bytes = try? Data(contentsOf: url) else { return nil }
    guard let json = try? JSONValue(parsing: Array(bytes)), let experiment = json["experiment"]?.string,
      let settings = json["settings"], let given = json["given"], let seeds = json["seeds"]?.int, seeds >= 1,
      let axes = json["sweep"]?.array, let runs = json["runs"]?.array
    else {
      throw LabError(.tracking, "\(url.path) is damaged", remedy: "begin the study anew without --resume")
    }
    (self.experiment, self.settings, self.given, self.seeds) = (experiment, settings, given, seeds)
    sweep = axes.map { ($0["key"]?.string ?? "", $0["values"]?.array?.compactMap(\.string) ?? []) }
    search = SweepSearch(json: json["search"])
    unfinished = json["unfinished"]?.array?.compactMap(\.string) ?? []
    cells = runs.compactMap(StudyCell.init(json:))
  }

  static func file(in folder: RunFolder) -> URL { folder.url.appending(path: "study.json") }

  /// Writes it, whole or not at all.
  func write(to folder: RunFolder) throws {
    let json: JSONValue = [
      "experiment": .string(experiment), "settings": settings, "given": given,
      "seeds": .integer(Int64(seeds)),
      "sweep": .array(
        sweep.map { ["key": .string($0.key), "values": .array($0.values.map(JSONValue.string))] }),
      "search": search?.json ?? nil, "runs": .array(cells.map(\.json)),
      "unfinished": .array(unfinished.map(JSONValue.string)),
    ]
    try AtomicFile.write(json.text(pretty: true) + "\n", to: Self.file(in: folder), kind: .tracking)
  }

  /// Notes that a run has ended, and with it those that it went on with.
  mutating func take(_ cell: StudyCell) {
    let runs = cell.earlier + [cell.run]
    unfinished.removeAll(where: runs.contains)
    guard !cells.contains(where: { $0.values == cell.values && $0.seed == cell.seed }) else { return }
    cells.append(cell)
  }

  /// Every run that belongs to the study.
  var runs: [String] { cells.flatMap { $0.earlier + [$0.run] } + unfinished }
}

extension StudyCell {
  /// Its values and its seed: `layers=56 seed=43`.
  var label: String { StudyPlan.Cell(values: values, seed: seed).label }

  var json: JSONValue {
    [
      "values": .object(values.mapValues(JSONValue.string)), "seed": .integer(Int64(seed)),
      "run": .string(run), "earlier": .array(earlier.map(JSONValue.string)),
      "failure": failure.map(JSONValue.string) ?? nil, "stopped": stopped.map(JSONValue.string) ?? nil,
      "metrics": .object(metrics.mapValues(JSONValue.number)),
      "parameters": .integer(Int64(parameters)), "seconds": .number(seconds),
    ]
  }

  /// Runs that go on with each other, the newest last, of which nothing else is known; nil for none.
  init?(runs: [String]) {
    guard let last = runs.last else { return nil }
    self.init(
      values: [:], seed: 0, run: last, earlier: runs.dropLast(), metrics: [:], parameters: 0, seconds: 0)
  }

  init?(json: JSONValue) {
    guard let values = json["values"]?.object, let seed = json["seed"]?.int, let run = json["run"]?.string,
      let metrics = json["metrics"]?.object, let seconds = json["seconds"]?.double
    else { return nil }
    self.init(
      values: values.compactMapValues(\.string), seed: seed, run: run,
      earlier: json["earlier"]?.array?.compactMap(\.string) ?? [], failure: json["failure"]?.string,
      stopped: json["stopped"]?.string,
      metrics: metrics.compactMapValues(\.double), parameters: json["parameters"]?.int ?? 0,
      seconds: seconds)
  }
}
