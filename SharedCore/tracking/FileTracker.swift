import Foundation
import Synchronization
import Utils

/// The record in the run's own folder: config.yaml, command.txt, metrics.jsonl, metrics.csv and results.json.
public final class FileTracker: Tracker {
  private struct Record {
    var run: RunDescription
    var folder: RunFolder
    var lines: WriteBehind<MetricRow>
    var table: WriteBehind<MetricRow>
    var artifacts: [Artifact] = []
  }

  private let record = Mutex<Record?>(nil)

  /// A tracker that waits for its run.
  public init() {}

  /// "file", as in "the file record".
  public var name: String { "file" }

  /// Writes config.yaml and command.txt.
  public func runStarts(_ run: RunDescription, in folder: RunFolder) throws {
    let lines = Mutex(MetricLines(url: folder.metricsLines))
    let table = Mutex(MetricTable(url: folder.metricsTable))
    let record = Record(
      run: run, folder: folder,
      lines: WriteBehind { rows in try lines.withLock { try $0.write(rows) } },
      table: WriteBehind { rows in try table.withLock { try $0.write(rows) } })
    self.record.withLock { $0 = record }
    try write(run.yaml(), to: folder.config)
    try write(run.commandLine + "\n", to: folder.command)
  }

  /// Takes the metrics; both files have them within a second.
  public func log(_ metrics: [(name: String, value: Double)], step: Int, epoch: Int) throws {
    guard let (lines, table) = record.withLock({ $0.map { ($0.lines, $0.table) } }) else { return }
    let row = MetricRow(step: step, epoch: epoch, metrics: metrics)
    let first = Result { try lines.append(row) }
    try table.append(row)
    try first.get()
  }

  /// Takes a file for the list in results.json.
  public func artifact(_ artifact: Artifact) {
    record.withLock { $0?.artifacts.append(artifact) }
  }

  /// Writes the remaining metrics.
  public func flush() throws {
    guard let (lines, table) = record.withLock({ $0.map { ($0.lines, $0.table) } }) else { return }
    try lines.flush()
    try table.flush()
  }

  /// Writes the remaining metrics and results.json.
  public func runEnds(_ outcome: RunOutcome) throws {
    guard let record = record.withLock({ $0 }) else { return }
    let lines = Result { try record.lines.flush() }
    let table = Result { try record.table.flush() }
    let text = results(of: record, outcome).text(pretty: true) + "\n"
    try AtomicFile.write(text, to: record.folder.results, kind: .tracking)
    try lines.get()
    try table.get()
  }

  /// The core that `evaluate --output` shares, then what belongs to this run.
  private func results(of record: Record, _ outcome: RunOutcome) -> JSONValue {
    let core = outcome.result?.json.object ?? ["experiment": .string(record.run.experiment)]
    let ending: [String: JSONValue] = [
      "status": .string(outcome.status.rawValue), "exit_code": .integer(Int64(outcome.exitCode)),
      "reason": outcome.reason.map(JSONValue.string) ?? .null,
      "ended": .string(Timestamp.iso8601(outcome.ended)), "seconds": .number(outcome.seconds),
      "peak_memory": .integer(Int64(outcome.peakMemory)),
      "checkpoint_sha256": outcome.checkpointSHA256.map(JSONValue.string) ?? .null,
      "summary": .object(Dictionary(outcome.summary.map { ($0.name, .number($0.value)) }) { $1 }),
      "artifacts": .array(record.artifacts.map { json($0, in: record.folder) }),
    ]
    return .object(
      outcome.details.merging(record.run.provenance) { $1 }.merging(ending) { $1 }.merging(core) { $1 })
  }

  private func json(_ artifact: Artifact, in folder: RunFolder) -> JSONValue {
    .object([
      "path": .string(path(of: artifact.url, from: folder.url)), "kind": .string(artifact.kind),
      "sha256": artifact.sha256.map(JSONValue.string) ?? .null,
    ])
  }
}

/// The path of `url` as seen from `folder` when it lies below it, otherwise the whole path.
func path(of url: URL, from folder: URL) -> String {
  let (path, base) = (url.standardizedFileURL.path, folder.standardizedFileURL.path + "/")
  return path.hasPrefix(base) ? String(path.dropFirst(base.count)) : path
}
