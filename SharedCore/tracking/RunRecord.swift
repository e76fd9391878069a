import Foundation
import GRDB
import Utils

/// A run as the experiment database knows it.
public struct RunRecord: Equatable, Sendable {
  /// Six letters and digits that name the run.
  public let id: String
  /// The model package: "01_perceptron".
  public let model: String
  /// The network: "Perceptron".
  public let architecture: String
  /// The experiment: "iris-hard".
  public let experiment: String
  /// The data set: "iris".
  public let dataset: String
  /// The seed of every random stream.
  public let seed: UInt64
  /// The command line as a shell takes it.
  public let command: String
  /// The run's folder.
  public let folder: URL
  /// How far it came.
  public let status: RunStatus
  /// The process's exit code; nil while it runs.
  public let exitCode: Int?
  /// Why it ended, if it says.
  public let reason: String?
  /// When it started.
  public let started: Date
  /// When it ended; nil while it runs.
  public let ended: Date?
  /// Wall-clock time; nil while it runs.
  public let seconds: Double?
  /// The most memory it held, in bytes; nil while it runs.
  public let peakMemory: Int?
  /// The commit of its code; nil outside a checkout.
  public let git: GitFacts?
  /// The machine's name.
  public let host: String
  /// Processor, cores, memory, system, compiler and libraries.
  public let machine: JSONValue
  /// SHA-256 of the checkpoint that holds the result.
  public let checkpointSHA256: String?
  /// SHA-256 of the checkpoint it started from.
  public let parent: String?
  /// Its tags, sorted.
  public let tags: [String]
  /// The figures it reported at its end, by name.
  public let summary: [String: Double]
}

/// One value of a metric.
public struct MetricPoint: Equatable, Sendable {
  /// Updates since the start of the training.
  public let step: Int
  /// Passes over the data.
  public let epoch: Int
  /// The value; NaN where it was not a number.
  public let value: Double
}

/// A run with everything the database holds of it but the metrics' histories.
public struct RunDetails: Equatable, Sendable {
  /// The run.
  public let record: RunRecord
  /// Its settings as flat pairs: `optimizer.learning_rate` and `0.1`.
  public let parameters: [String: String]
  /// The files it made.
  public let artifacts: [Artifact]
  /// The metrics that have a history, sorted.
  public let metricNames: [String]
}

extension RunRecord {
  /// The run in a row of `runs`, with its tags and summary from `database`.
  init(row: Row, in database: Database, workspace: URL) throws {
    id = row["id"]
    model = row["model"]
    architecture = row["architecture"]
    experiment = row["experiment"]
    dataset = row["dataset"]
    seed = UInt64(row["seed"] as String) ?? 0
    command = row["command"]
    folder = absolute(row["folder"], from: workspace)
    status = RunStatus(rawValue: row["status"]) ?? .failed
    exitCode = row["exit"]
    reason = row["reason"]
    started = Timestamp.date(iso8601: row["started"]) ?? .distantPast
    ended = (row["ended"] as String?).flatMap(Timestamp.date)
    seconds = row["seconds"]
    peakMemory = row["peak_memory"]
    git = (row["git_dirty"] as Bool?).map {
      GitFacts(commit: row["git_commit"], branch: row["git_branch"], isDirty: $0)
    }
    host = row["host"]
    machine = (try? JSONValue(parsing: row["machine"] as String)) ?? .null
    checkpointSHA256 = row["checkpoint_sha256"]
    parent = row["parent"]
    tags = try String.fetchAll(
      database, sql: "SELECT tag FROM tags WHERE run = ? ORDER BY tag", arguments: [id])
    let figures = try Row.fetchAll(
      database, sql: "SELECT name, value FROM summaries WHERE run = ?", arguments: [id])
    summary = Dictionary(figures.map { ($0["name"], $0["value"] ?? .nan) }) { $1 }
  }
}

/// The URL of a path that `path(of:from:)` made.
func absolute(_ path: String, from folder: URL) -> URL {
  path.hasPrefix("/") ? URL(fileURLWithPath: path) : folder.appendingPathComponent(path)
}
