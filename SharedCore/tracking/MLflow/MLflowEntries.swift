import Foundation
import Utils

/// The lines of an outbox, in the words of MLflow's REST interface, cut to what its servers take.
enum MLflowEntry {
  /// The run: `{"id", "experiment", "create": body of runs/create, "params"}`.
  static func run(_ run: RunDescription, experiment: String, name: String) -> JSONValue {
    var tags: [(String, String)] = [
      ("mlflow.source.name", run.commandLine), ("mlflow.source.type", "LOCAL"), ("lab.run", run.id),
      ("lab.model", run.model), ("lab.dataset", run.dataset), ("lab.host", run.machine.host),
    ]
    if let user = ProcessInfo.processInfo.environment["USER"] { tags.append(("mlflow.user", user)) }
    if let git = run.git {
      if let commit = git.commit { tags.append(("mlflow.source.git.commit", commit)) }
      if let branch = git.branch { tags.append(("mlflow.source.git.branch", branch)) }
      tags.append(("lab.git_dirty", git.isDirty ? "true" : "false"))
    }
    if let parent = run.parent { tags.append(("lab.parent_checkpoint", parent)) }
    for tag in run.tags { tags.append(("tag.\(tag)", "true")) }
    let parameters = run.parameters + [("dataset", run.dataset), ("seed", String(run.seed))]
    return [
      "id": .string(run.id), "experiment": .string(String(experiment.prefix(500))),
      "create": [
        "start_time": milliseconds(run.started), "run_name": .string(name),
        "tags": pairs(tags, limit: 8000),
      ],
      "params": pairs(parameters.map { ($0.key, $0.value) }, limit: 6000),
    ]
  }

  /// Metrics of a step: `{"metrics": [...]}`.
  static func metrics(_ metrics: [(name: String, value: Double)], step: Int, time: Date = Date()) -> JSONValue
  {
    [
      "metrics": .array(
        metrics.map {
          [
            "key": .string(key($0.name)), "value": number($0.value), "timestamp": milliseconds(time),
            "step": .integer(Int64(step)),
          ]
        })
    ]
  }

  /// A file of the run: `{"artifact": path, "as": where it lies on the server}`.
  static func artifact(_ artifact: Artifact, in folder: URL) -> JSONValue {
    let folders = ["picture": "pictures/", "checkpoint": "models/"]
    return [
      "artifact": .string(path(of: artifact.url, from: folder)),
      "as": .string((folders[artifact.kind] ?? "") + artifact.url.lastPathComponent),
    ]
  }

  /// The end of the run: `{"end": body of runs/update}`.
  static func end(_ outcome: RunOutcome) -> JSONValue {
    let status =
      [RunStatus.finished: "FINISHED", .stopped: "KILLED", .failed: "FAILED"][outcome.status] ?? "FAILED"
    var tags: [(String, String)] = []
    if let reason = outcome.reason { tags.append(("lab.reason", reason)) }
    if let sum = outcome.checkpointSHA256 { tags.append(("lab.checkpoint_sha256", sum)) }
    return [
      "tags": pairs(tags, limit: 8000),
      "end": ["status": .string(status), "end_time": milliseconds(outcome.ended)],
    ]
  }

  /// Letters, digits and `_-. /:` are what a key may have.
  static func key(_ name: String) -> String {
    String(
      name.prefix(250).map {
        $0.isASCII && ($0.isLetter || $0.isNumber) || "_-. /:".contains($0) ? $0 : "_"
      })
  }

  /// JSON has no words for what is not finite; the server takes these texts.
  private static func number(_ value: Double) -> JSONValue {
    if value.isNaN { return "NaN" }
    return value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : .number(value)
  }

  private static func milliseconds(_ date: Date) -> JSONValue {
    .integer(Int64((date.timeIntervalSince1970 * 1000).rounded()))
  }

  /// A key twice is refused by the server: the first stays.
  private static func pairs(_ pairs: [(String, String)], limit: Int) -> JSONValue {
    var keys: Set<String> = []
    return .array(
      pairs.compactMap { name, value in
        let name = key(name)
        guard keys.insert(name).inserted else { return nil }
        return ["key": .string(name), "value": .string(String(value.prefix(limit)))]
      })
  }
}
