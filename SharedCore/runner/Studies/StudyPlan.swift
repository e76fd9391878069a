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
  /// The sweep file that asks for it, as long as it is at hand.
  var sweepFile: SweepFile?

  /// One run that is to be trained.
  struct Cell: Hashable {
    let values: [String: String]
    let seed: Int

    /// Its values and its seed: `layers=56 seed=43`.
    var label: String { words.joined(separator: " ") }

    /// The same one by one, as they would be typed.
    var words: [String] {
      values.filter { $0.key != "seed" }.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        + ["seed=\(seed)"]
    }
  }

  /// Every run, the seeds of a combination together.
  var cells: [Cell] {
    study.combinations.flatMap { values in
      let first = values["seed"].flatMap { Int($0) } ?? settings.count("seed")
      return (0..<study.seeds).map { Cell(values: values, seed: first + $0) }
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
    if let search = study.search { config["sweep"] = search.json }
    return .object(config)
  }

  /// The words that begin the whole study anew.
  var words: [String] {
    ["--experiment", experiment.name, "--seeds", "\(study.seeds)"] + given()
      + (study.search.map { ["--sweep", $0.file] } ?? [])
      + (study.search == nil ? study.sweep : []).flatMap {
        ["--sweep", "\($0.key)=\($0.values.joined(separator: ","))"]
      }
  }

  /// The words that train one run with these values alone.
  func words(for cell: Cell) -> [String] {
    ["--experiment", experiment.name] + (experiment.study == nil ? [] : ["--seeds", "1"])
      + given(except: Array(cell.values.keys) + ["seed"])
      + cell.words
  }

  /// The settings that were given for all runs.
  private func given(except keys: [String] = []) -> [String] {
    settings.all.filter { settings.isGiven($0.key) && !keys.contains($0.key) }
      .map { "\($0.key)=\($0.value == nil ? "none" : $0.value.string ?? $0.value.text())" }
  }
}
