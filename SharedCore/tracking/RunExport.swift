import Foundation
import Utils

/// A run as other programs read it.
public struct RunExport: Sendable {
  private let run: RunDetails
  private let histories: [(name: String, points: [MetricPoint])]

  /// All that `database` knows of `run`.
  public init(_ run: RunDetails, in database: ExperimentDatabase) throws {
    self.run = run
    histories = try run.metricNames.map { ($0, try database.history(of: $0, in: run.record.id)) }
  }

  /// A row for each step at which something was logged, in order; empty cells where a metric was not.
  public var csv: String {
    struct Place: Hashable { let step, epoch: Int }
    var rows: [Place: [String: Double]] = [:]
    for (name, points) in histories {
      for point in points {
        rows[Place(step: point.step, epoch: point.epoch), default: [:]][name] = point.value
      }
    }
    let names = histories.map(\.name)
    let lines = rows.sorted { ($0.key.step, $0.key.epoch) < ($1.key.step, $1.key.epoch) }.map {
      place, values in
      ["\(place.step)", "\(place.epoch)"] + names.map { values[$0].map { "\($0)" } ?? "" }
    }
    return csvText([["step", "epoch"] + names] + lines)
  }

  /// Everything. Times are ISO 8601, the seed a text because it may have 64 bits.
  public var json: JSONValue {
    let record = run.record
    return [
      "id": .string(record.id), "model": .string(record.model), "architecture": .string(record.architecture),
      "experiment": .string(record.experiment), "dataset": .string(record.dataset),
      "seed": .string("\(record.seed)"), "command": .string(record.command),
      "folder": .string(record.folder.path), "status": .string(record.status.rawValue),
      "reason": text(record.reason), "exit_code": number(record.exitCode),
      "started": .string(Timestamp.iso8601(record.started)),
      "ended": text(record.ended.map(Timestamp.iso8601)),
      "seconds": record.seconds.map(JSONValue.number) ?? .null, "peak_memory": number(record.peakMemory),
      "git": record.git.map { git in
        ["commit": text(git.commit), "branch": text(git.branch), "dirty": .bool(git.isDirty)]
      } ?? .null,
      "host": .string(record.host), "machine": record.machine,
      "checkpoint_sha256": text(record.checkpointSHA256), "parent": text(record.parent),
      "tags": .array(record.tags.map(JSONValue.string)),
      "summary": .object(record.summary.mapValues(finite)),
      "parameters": .object(run.parameters.mapValues(JSONValue.string)),
      "artifacts": .array(
        run.artifacts.map {
          ["path": .string($0.url.path), "kind": .string($0.kind), "sha256": text($0.sha256)]
        }),
      "history": .object(
        Dictionary(
          uniqueKeysWithValues: histories.map { name, points in
            (
              name,
              .array(
                points.map {
                  [
                    "step": .integer(Int64($0.step)), "epoch": .integer(Int64($0.epoch)),
                    "value": finite($0.value),
                  ]
                })
            )
          })),
    ]
  }

  private func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
  private func number(_ value: Int?) -> JSONValue { value.map { .integer(Int64($0)) } ?? .null }
  private func finite(_ value: Double) -> JSONValue { value.isFinite ? .number(value) : .null }
}
