import Foundation
import Synchronization
import Utils

/// The record on an MLflow server, which may be down, slow or angry without the training noticing.
///
/// What is to be told goes to a file in the run's folder, within a second; another thread sends from there. What the server
/// has not taken when the run ends stays in the file for `lab mlflow push`.
public final class MLflowTracker: Tracker {
  private struct Record {
    var run: RunDescription
    var folder: RunFolder
    var outbox: MLflowOutbox
    var lines: WriteBehind<JSONValue>
    var courier: MLflowCourier
    var lastStep = 0
  }

  private let server: MLflowServer
  private let experiment, runName: String?
  private let record = Mutex<Record?>(nil)

  /// A tracker that tells `server`; `environment` may name the experiment and the run, as MLflow's own variables do.
  ///
  /// Throws a usage error where the address is none of http or https.
  public init(server: String, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
    self.server = try MLflowServer(server, flag: "--mlflow", environment: environment)
    experiment = environment["MLFLOW_EXPERIMENT_NAME"]
    runName = environment["MLFLOW_RUN_NAME"]
  }

  /// "MLflow", as in "the MLflow record".
  public var name: String { "MLflow" }

  /// Writes the run's first line, and starts the thread that sends.
  public func runStarts(_ run: RunDescription, in folder: RunFolder) throws {
    let outbox = MLflowOutbox(ofRunIn: folder.url)
    let first = MLflowEntry.run(
      run, experiment: experiment ?? "\(run.model)/\(run.experiment)",
      name: runName ?? "\(run.experiment)-\(run.id)")
    try outbox.begin(server: server.address, first)
    let lines = WriteBehind<JSONValue> { try outbox.add($0) }
    let courier = MLflowCourier(outbox, to: server)
    record.withLock { $0 = Record(run: run, folder: folder, outbox: outbox, lines: lines, courier: courier) }
  }

  /// Takes the metrics of a step.
  public func log(_ metrics: [(name: String, value: Double)], step: Int, epoch: Int) throws {
    guard
      let lines = record.withLock({ record -> WriteBehind<JSONValue>? in
        record?.lastStep = step
        return record?.lines
      })
    else { return }
    try lines.append(MLflowEntry.metrics(metrics, step: step))
  }

  /// Takes a file, but for the second of two pictures that show the same.
  public func artifact(_ artifact: Artifact) throws {
    guard let record = record.withLock({ $0 }),
      artifact.kind != "picture" || artifact.url.pathExtension == "png"
    else { return }
    try record.lines.append(MLflowEntry.artifact(artifact, in: record.folder.url))
  }

  /// Takes the summary and the ending, and sends what is left as long as the server answers.
  public func runEnds(_ outcome: RunOutcome) throws {
    guard let record = record.withLock({ $0 }) else { return }
    let summary = MLflowEntry.metrics(outcome.summaryApart, step: record.lastStep, time: outcome.ended)
    if !outcome.summary.isEmpty { try record.lines.append(summary) }
    let config = Artifact(url: record.folder.config, kind: "config")
    try record.lines.append(MLflowEntry.artifact(config, in: record.folder.url))
    try record.lines.append(MLflowEntry.end(outcome))
    try record.lines.flush()
    if let failure = record.courier.finish() {
      throw LabError(
        .tracking, failure, remedy: "send what is left with: lab mlflow push \(record.run.id)")
    }
  }
}
