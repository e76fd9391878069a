import Foundation
import Tracking
import Utils

/// What a study keeps in its folder so that it can go on after an interruption: what it is, and the runs that have ended.
struct StudyRecord {
  /// The experiment, and the settings that all runs share.
  var experiment: String
  var settings: JSONValue
  /// What is swept.
  var sweep: [(key: String, values: [String])]
  var seeds: Int
  /// The runs that have ended.
  var cells: [StudyCell] = []
  /// The run that is being trained.
  var running: String?

  static func file(in folder: RunFolder) -> URL { folder.url.appending(path: "study.json") }

  /// Writes it, whole or not at all.
  func write(to folder: RunFolder) throws {
    let json: JSONValue = [
      "experiment": .string(experiment), "settings": settings, "seeds": .integer(Int64(seeds)),
      "sweep": .array(
        sweep.map { ["key": .string($0.key), "values": .array($0.values.map(JSONValue.string))] }),
      "runs": .array(cells.map(\.json)), "running": running.map(JSONValue.string) ?? nil,
    ]
    try AtomicFile.write(json.text(pretty: true) + "\n", to: Self.file(in: folder), kind: .tracking)
  }

  /// What `folder` holds; nil when it is not a study's.
  init?(in folder: RunFolder) throws {
    let url = Self.file(in: folder)
    guard let bytes = try? Data(contentsOf: url) else { return nil }
    guard let json = try? JSONValue(parsing: Array(bytes)), let experiment = json["experiment"]?.string,
      let settings = json["settings"], let seeds = json["seeds"]?.int, seeds >= 1
    else {
      throw LabError(.tracking, "\(url.path) is damaged", remedy: "begin the study anew without --resume")
    }
    self.experiment = experiment
    self.settings = settings
    self.seeds = seeds
    sweep = (json["sweep"]?.array ?? []).map {
      ($0["key"]?.string ?? "", $0["values"]?.array?.compactMap(\.string) ?? [])
    }
    running = json["running"]?.string
    cells = (json["runs"]?.array ?? []).compactMap(StudyCell.init(json:))
  }

  init(experiment: String, settings: JSONValue, sweep: [(key: String, values: [String])], seeds: Int) {
    (self.experiment, self.settings, self.sweep, self.seeds) = (experiment, settings, sweep, seeds)
  }

  /// The newest study below `outputs` that has not ended; of `experiment` where it is named.
  static func newestUnfinished(_ experiment: String?, under outputs: URL) -> RunFolder? {
    RunFolder.all(under: outputs).first { folder in
      let files = FileManager.default
      guard files.fileExists(atPath: file(in: folder).path) else { return false }
      guard experiment == nil || folder.url.deletingLastPathComponent().lastPathComponent == experiment else {
        return false
      }
      let results = (try? Data(contentsOf: folder.results)).flatMap { try? JSONValue(parsing: Array($0)) }
      return results?["status"]?.string != RunStatus.finished.rawValue
    }
  }
}

extension StudyCell {
  /// Its values and its seed: `layers=56 seed=43`.
  var label: String {
    (values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } + ["seed=\(seed)"]).joined(
      separator: " ")
  }

  var json: JSONValue {
    [
      "values": .object(values.mapValues(JSONValue.string)), "seed": .integer(Int64(seed)),
      "run": .string(run), "metrics": .object(metrics.mapValues(JSONValue.number)),
      "seconds": .number(seconds),
    ]
  }

  init?(json: JSONValue) {
    guard let values = json["values"]?.object, let seed = json["seed"]?.int, let run = json["run"]?.string,
      let metrics = json["metrics"]?.object, let seconds = json["seconds"]?.double
    else { return nil }
    self.init(
      values: values.compactMapValues(\.string), seed: seed, run: run,
      metrics: metrics.compactMapValues(\.double), seconds: seconds)
  }
}
