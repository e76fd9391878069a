import Foundation
import GRDB
import Utils

/// Which runs are wanted; nil means any.
public struct RunFilter: Equatable, Sendable {
  /// The model package.
  public var model: String?
  /// The experiment.
  public var experiment: String?
  /// A tag the run has.
  public var tag: String?
  /// How far it came.
  public var status: RunStatus?

  /// A filter as given.
  public init(model: String? = nil, experiment: String? = nil, tag: String? = nil, status: RunStatus? = nil) {
    (self.model, self.experiment, self.tag, self.status) = (model, experiment, tag, status)
  }
}

extension ExperimentDatabase {
  /// The runs that pass `filter`, the newest first, at most `limit` of them.
  public func runs(_ filter: RunFilter = RunFilter(), limit: Int = 20) throws -> [RunRecord] {
    let wanted: [(condition: String, value: String?)] = [
      ("model = ?", filter.model), ("experiment = ?", filter.experiment),
      ("status = ?", filter.status?.rawValue),
      ("id IN (SELECT run FROM tags WHERE tag = ?)", filter.tag),
    ]
    let active = wanted.filter { $0.value != nil }
    let conditions = (["TRUE"] + active.map(\.condition)).joined(separator: " AND ")
    return try read { database in
      try records(
        "WHERE \(conditions) ORDER BY started DESC, id LIMIT ?",
        StatementArguments(active.map(\.value)) + [max(0, limit)], database)
    }
  }

  /// The run that `reference` means (its id or at least its first three characters) with all that is known of it.
  ///
  /// Throws a `LabError` that lists what comes near when there is none or more than one.
  public func run(_ reference: String) throws -> RunDetails {
    try read { database in
      let record = try record(reference, database)
      let parameters = try Row.fetchAll(
        database, sql: "SELECT key, value FROM parameters WHERE run = ?", arguments: [record.id])
      let artifacts = try Row.fetchAll(
        database, sql: "SELECT path, kind, sha256 FROM artifacts WHERE run = ? ORDER BY path",
        arguments: [record.id])
      return RunDetails(
        record: record,
        parameters: Dictionary(parameters.map { ($0["key"], $0["value"]) }) { $1 },
        artifacts: artifacts.map {
          Artifact(url: absolute($0["path"], from: record.folder), kind: $0["kind"], sha256: $0["sha256"])
        },
        metricNames: try String.fetchAll(
          database, sql: "SELECT DISTINCT name FROM metrics WHERE run = ? ORDER BY name",
          arguments: [record.id]))
    }
  }

  /// The runs that wrote a file with this SHA-256, the oldest first.
  public func runs(thatMade sum: String) throws -> [RunRecord] {
    try read {
      try records(
        "WHERE checkpoint_sha256 = ?1 OR id IN (SELECT run FROM artifacts WHERE sha256 = ?1) ORDER BY started, id",
        [sum], $0)
    }
  }

  /// Every value of `metric` in the run that `reference` means, in the order of steps; empty if it was never logged.
  public func history(of metric: String, in reference: String) throws -> [MetricPoint] {
    try read { database in
      let id = try record(reference, database).id
      let rows = try Row.fetchAll(
        database,
        sql: "SELECT step, epoch, value FROM metrics WHERE run = ? AND name = ? ORDER BY step, rowid",
        arguments: [id, metric])
      return rows.map { MetricPoint(step: $0["step"], epoch: $0["epoch"], value: $0["value"] ?? .nan) }
    }
  }

  /// The run that `reference` means.
  func record(_ reference: String, _ database: Database) throws -> RunRecord {
    if let exact = try records("WHERE id = ?", [reference], database).first { return exact }
    let ids = try String.fetchAll(database, sql: "SELECT id FROM runs ORDER BY started DESC, id")
    let id = try resolveRun(reference, among: ids, place: "in \(url.relativePath)")
    return try records("WHERE id = ?", [id], database)[0]
  }

  /// The runs that the end of a SELECT statement names.
  func records(_ clause: String, _ arguments: StatementArguments, _ database: Database) throws -> [RunRecord]
  {
    let rows = try Row.fetchAll(database, sql: "SELECT * FROM runs \(clause)", arguments: arguments)
    return try rows.map { try RunRecord(row: $0, in: database, workspace: workspace) }
  }
}
