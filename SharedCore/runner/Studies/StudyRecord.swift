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
  /// The runs that have ended.
  var cells: [StudyCell] = []
  /// The runs in which the next one was begun and interrupted, the newest last.
  var unfinished: [String] = []

  /// The record of a study that begins.
  init(_ plan: StudyPlan) {
    experiment = plan.experiment.name
    (settings, given) = (plan.settings.json, plan.settings.givenValues)
    (sweep, seeds) = (plan.study.sweep, plan.study.seeds)
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
      "runs": .array(cells.map(\.json)), "unfinished": .array(unfinished.map(JSONValue.string)),
    ]
    try AtomicFile.write(json.text(pretty: true) + "\n", to: Self.file(in: folder), kind: .tracking)
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
      "failure": failure.map(JSONValue.string) ?? nil,
      "metrics": .object(metrics.mapValues(JSONValue.number)),
      "parameters": .integer(Int64(parameters)), "seconds": .number(seconds),
    ]
  }

  init?(json: JSONValue) {
    guard let values = json["values"]?.object, let seed = json["seed"]?.int, let run = json["run"]?.string,
      let metrics = json["metrics"]?.object, let seconds = json["seconds"]?.double
    else { return nil }
    self.init(
      values: values.compactMapValues(\.string), seed: seed, run: run,
      earlier: json["earlier"]?.array?.compactMap(\.string) ?? [], failure: json["failure"]?.string,
      metrics: metrics.compactMapValues(\.double), parameters: json["parameters"]?.int ?? 0,
      seconds: seconds)
  }
}
