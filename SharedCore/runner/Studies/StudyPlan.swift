import Tracking
import Utils

/// A study that is to be run: of which experiment, with which settings, and where it goes on.
struct StudyPlan {
  let experiment: Experiment
  let study: Study
  /// What all runs share.
  let settings: Settings
  /// The folder of a study that was interrupted.
  var resumed: RunFolder?

  /// One run that is to be trained.
  struct Cell: Hashable {
    let values: [String: String]
    let seed: Int

    /// Its values and its seed: `layers=56 seed=43`.
    var label: String {
      (values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } + ["seed=\(seed)"]).joined(
        separator: " ")
    }
  }

  /// Every run, the seeds of a combination together.
  var cells: [Cell] {
    study.combinations.flatMap { values in
      (0..<study.seeds).map { Cell(values: values, seed: settings.count("seed") + $0) }
    }
  }

  /// The settings of the runs with these values.
  func settings(of values: [String: String]) throws -> Settings {
    var own = settings
    for (key, value) in values { try own.set(key, to: value, source: "\(key)=\(value)") }
    return own
  }

  /// How a combination is called: `activation=tanh hidden=8`.
  func label(_ values: [String: String]) -> String {
    let words = study.sweep.map { "\($0.key)=\(values[$0.key] ?? "")" }
    return words.isEmpty ? "as it is" : words.joined(separator: " ")
  }

  /// What `--print-config` shows and the study records.
  func config(_ catalog: ModelCatalog) -> JSONValue {
    var config = TrainingSession.config(catalog, experiment, settings).object ?? [:]
    config["study"] = [
      "runs": .integer(Int64(study.runCount)), "seeds": .integer(Int64(study.seeds)),
      "sweep": .object(
        Dictionary(study.sweep.map { ($0.key, .array($0.values.map(JSONValue.string))) }) { $1 }),
    ]
    return .object(config)
  }

  /// The words that train one run with these values alone; the settings that were given for all come first.
  func words(for cell: Cell) -> [String] {
    let given = settings.all.filter {
      settings.isGiven($0.key) && $0.key != "seed" && cell.values[$0.key] == nil
    }
    let shared = given.map { "\($0.key)=\($0.value == nil ? "none" : $0.value.string ?? $0.value.text())" }
    return ["--experiment", experiment.name] + (experiment.study == nil ? [] : ["--seeds", "1"]) + shared
      + cell.values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } + ["seed=\(cell.seed)"]
  }
}
