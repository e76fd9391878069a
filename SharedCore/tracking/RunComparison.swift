import Foundation
import GRDB
import Utils

/// Several runs side by side: a column a run, a line a setting or figure.
public struct RunComparison: Equatable, Sendable {
  /// One setting or figure in every run; nil where a run has none.
  public struct Line<Value: Equatable & Sendable>: Equatable, Sendable {
    /// The setting's path or the figure's name.
    public let name: String
    /// A value a run, in the order of the runs.
    public let values: [Value?]

    /// Whether two of the runs differ here.
    public var differs: Bool { values.contains { $0 != values[0] } }
  }

  /// The runs, in the order asked for.
  public let runs: [RunRecord]
  /// Settings, with model, experiment, data set, seed and commit first.
  public let settings: [Line<String>]
  /// The figures the runs reported at their ends, sorted by name.
  public let figures: [Line<Double>]
}

extension ExperimentDatabase {
  /// The runs that `references` mean, side by side; of the settings only those that differ unless `all` is true.
  ///
  /// Figures are always complete. Throws a `LabError` for a run that is not known, or when fewer than two are named.
  public func compare(_ references: [String], all: Bool = false) throws -> RunComparison {
    guard references.count > 1 else {
      throw LabError(
        .usage, "a comparison needs at least two runs", remedy: "name two or more, as lab runs lists them")
    }
    return try read { database in
      let runs = try references.map { try record($0, database) }
      let parameters = try runs.map { run in
        let rows = try Row.fetchAll(
          database, sql: "SELECT key, value FROM parameters WHERE run = ?", arguments: [run.id])
        return Dictionary(rows.map { ($0["key"] as String, $0["value"] as String) }) { $1 }
      }
      let head = headLines(runs)
      let settings = head + lines(parameters).filter { line in !head.contains { $0.name == line.name } }
      return RunComparison(
        runs: runs, settings: all ? settings : settings.filter(\.differs), figures: lines(runs.map(\.summary))
      )
    }
  }

  private func headLines(_ runs: [RunRecord]) -> [RunComparison.Line<String>] {
    let facts: [(String, (RunRecord) -> String?)] = [
      ("model", \.model), ("architecture", \.architecture), ("experiment", \.experiment),
      ("dataset", \.dataset),
      ("seed", { String($0.seed) }),
      (
        "commit",
        { run in run.git.map { ($0.commit?.prefix(10) ?? "none") + ($0.isDirty ? " with changes" : "") } }
      ),
    ]
    return facts.map { name, value in RunComparison.Line(name: name, values: runs.map(value)) }
  }

  private func lines<Value>(_ columns: [[String: Value]]) -> [RunComparison.Line<Value>] {
    let names = Set(columns.flatMap(\.keys)).sorted()
    return names.map { name in RunComparison.Line(name: name, values: columns.map { $0[name] }) }
  }
}
