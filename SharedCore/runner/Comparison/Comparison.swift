import Foundation
import Tracking
import Utils

/// One run of a comparison: what the record says of it, or why there is none.
public struct ComparedRun: Sendable {
  /// Its seed.
  public let seed: Int
  /// The run; nil when it failed.
  public let record: RunRecord?
  /// How long it took, with the runs that it continued.
  public let seconds: Double
  /// Passes over the data that it made.
  public let epochs: Int
  /// Whether its result lies where the experiment expects it; nil when nothing is expected.
  public let isWithinBand: Bool?
  /// Why there is no run.
  public let failure: String?

  /// A run that failed.
  public init(seed: Int, failure: String) {
    (self.seed, self.failure) = (seed, failure)
    (record, seconds, epochs, isWithinBand) = (nil, 0, 0, nil)
  }

  /// A run that is in `database`.
  public init(seed: Int, _ record: RunRecord, in database: ExperimentDatabase) throws {
    (self.seed, self.record, failure) = (seed, record, nil)
    seconds = try RunSearch(database).seconds(of: record)
    let names = try database.run(record.id).metricNames
    epochs = try names.first.map { try database.history(of: $0, in: record.id).last?.epoch ?? 0 } ?? 0
    let results = try? JSONValue(
      parsing: Array(Data(contentsOf: record.folder.appending(path: "results.json"))))
    isWithinBand = results?["within_band"]?.bool
  }
}

/// A model with its runs.
public struct ComparisonRow: Sendable {
  /// The model.
  public let model: ComparedModel
  /// Its runs, a seed each.
  public let runs: [ComparedRun]

  /// A model with its runs.
  public init(_ model: ComparedModel, _ runs: [ComparedRun]) { (self.model, self.runs) = (model, runs) }

  var records: [RunRecord] { runs.compactMap(\.record) }

  /// What the runs reached in a metric, and its sample deviation (0 for one run); nil when a run has no such figure.
  func figures(_ metric: String) -> (mean: Double, deviation: Double)? {
    let values = records.compactMap { $0.summary[metric] }
    guard !values.isEmpty, values.count == records.count else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, values.count < 2 ? 0 : (squares / Double(values.count - 1)).squareRoot())
  }
}

/// Several models on one experiment, side by side.
public struct Comparison: Sendable {
  /// The comparison's name, and the experiment's as it was asked for.
  public let name, experiment: String
  /// A row a model, by year.
  public let rows: [ComparisonRow]
  /// The command that makes it again.
  public let command: String

  /// A comparison of rows, which are put in the order of their years.
  public init(name: String, experiment: String, rows: [ComparisonRow], command: String) {
    (self.name, self.experiment, self.command) = (name, experiment, command)
    self.rows = rows.sorted {
      ($0.model.year ?? .max, $0.model.folder) < ($1.model.year ?? .max, $1.model.folder)
    }
  }

  /// The models, runs and reasons of what failed.
  public var failures: [String] {
    rows.flatMap { row in
      row.runs.compactMap { run in run.failure.map { "\(row.model.folder), seed \(run.seed): \($0)" } }
    }
  }

  /// The accuracy of a row: of the part that all rows have, test before all before val before train, else of its own first.
  func accuracy(of row: ComparisonRow) -> (metric: String, mean: Double, deviation: Double)? {
    let names = ["test", "all", "val", "train"].map { "\($0)_accuracy" }
    let done = rows.filter { !$0.records.isEmpty }
    let shared = names.first { name in done.allSatisfy { $0.figures(name) != nil } }
    guard let name = shared ?? names.first(where: { row.figures($0) != nil }),
      let figures = row.figures(name)
    else { return nil }
    return (name, figures.mean, figures.deviation)
  }

  /// The headings of `cells`.
  public static let columns = [
    "YEAR", "MODEL", "PARAMETERS", "MULTIPLY-ADDS", "EPOCHS", "SECONDS", "MEMORY", "ACCURACY", "EXPECTED",
    "PUBLISHED",
  ]

  /// The table, a row a model; seconds are the mean of the runs, memory is the most that one held.
  public var cells: [[String]] {
    rows.map { row in
      let model = row.model
      let seconds = row.runs.filter { $0.record != nil }.map(\.seconds)
      let epochs = Set(row.runs.filter { $0.record != nil }.map(\.epochs)).sorted()
      let memory = row.records.compactMap(\.peakMemory).max()
      return [
        model.year.map(String.init) ?? "-", model.folder, model.parameters.map(grouped) ?? "-",
        model.multiplyAdds.map(grouped) ?? "-",
        epochs.isEmpty ? "-" : epochs.map(String.init).joined(separator: ", "),
        seconds.isEmpty ? "-" : compact(seconds.reduce(0, +) / Double(seconds.count)),
        memory.map { "\($0 / 1_000_000) MB" } ?? "-", accuracyText(row), expectation(row),
        model.published ?? "-",
      ]
    }
  }

  private func accuracyText(_ row: ComparisonRow) -> String {
    let failed = row.runs.count { $0.failure != nil }
    let failures = failed == 0 ? "" : "\(failed) of \(row.runs.count) runs failed"
    guard let (metric, mean, deviation) = accuracy(of: row) else { return failures.isEmpty ? "-" : failures }
    let part = metric.prefix { $0 != "_" }
    let spread = row.records.count > 1 ? " ± \(figure(deviation))" : ""
    return "\(part) \(figure(mean))\(spread)" + (failures.isEmpty ? "" : ", \(failures)")
  }

  private func expectation(_ row: ComparisonRow) -> String {
    let verdicts = row.runs.compactMap(\.isWithinBand)
    guard !verdicts.isEmpty else { return row.model.band }
    let reached = verdicts.count { $0 }
    let verdict =
      reached == verdicts.count
      ? "reached" : reached == 0 ? "missed" : "\(reached) of \(verdicts.count) reached"
    return "\(row.model.band): \(verdict)"
  }

  /// What results.json says.
  public var json: JSONValue {
    func number(_ value: Int?) -> JSONValue { value.map { .integer(Int64($0)) } ?? .null }
    return [
      "name": .string(name), "experiment": .string(experiment), "command": .string(command),
      "models": .array(
        rows.map { row in
          let accuracy = accuracy(of: row)
          return [
            "model": .string(row.model.folder), "title": .string(row.model.title),
            "year": number(row.model.year),
            "parameters": number(row.model.parameters), "multiply_adds": number(row.model.multiplyAdds),
            "metric": accuracy.map { .string($0.metric) } ?? .null,
            "mean": accuracy.map { .number($0.mean) } ?? .null,
            "deviation": accuracy.map { .number($0.deviation) } ?? .null,
            "band": .string(row.model.band), "published": row.model.published.map(JSONValue.string) ?? .null,
            "settings": .object(row.model.settings.mapValues(JSONValue.string)),
            "runs": .array(row.runs.map(runJSON)),
          ]
        }),
    ]
  }

  private func runJSON(_ run: ComparedRun) -> JSONValue {
    guard let record = run.record else {
      return ["seed": .integer(Int64(run.seed)), "failure": .string(run.failure ?? "-")]
    }
    return [
      "seed": .integer(Int64(run.seed)), "run": .string(record.id), "seconds": .number(run.seconds),
      "epochs": .integer(Int64(run.epochs)),
      "peak_memory": record.peakMemory.map { .integer(Int64($0)) } ?? .null,
      "within_band": run.isWithinBand.map(JSONValue.bool) ?? .null,
      "metrics": .object(record.summary.mapValues(JSONValue.number)),
    ]
  }
}
