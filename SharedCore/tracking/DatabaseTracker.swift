import Foundation
import Synchronization
import Utils

/// The record in the experiment database: one transaction a second, and one at the end.
public final class DatabaseTracker: Tracker {
  private struct Record {
    var id: String
    var folder: URL
    var entries: WriteBehind<RunEntry>
  }

  private let database: ExperimentDatabase
  private let record = Mutex<Record?>(nil)

  private let goesOn: Bool

  /// A tracker that writes to `database`; `goesOn` where a run is taken up again in its own folder.
  public init(_ database: ExperimentDatabase, goesOn: Bool = false) {
    self.database = database
    self.goesOn = goesOn
  }

  /// "database", as in "the database record".
  public var name: String { "database" }

  /// Enters the run with its parameters and tags.
  public func runStarts(_ run: RunDescription, in folder: RunFolder) throws {
    let entries = WriteBehind<RunEntry> { [database] in
      try database.append($0, run: run.id, folder: folder.url)
    }
    record.withLock { $0 = Record(id: run.id, folder: folder.url, entries: entries) }
    try database.begin(run, in: folder, goesOn: goesOn)
  }

  /// Takes the metrics; the database has them within a second.
  public func log(_ metrics: [(name: String, value: Double)], step: Int, epoch: Int) throws {
    try take(.metrics(MetricRow(step: step, epoch: epoch, metrics: metrics)))
  }

  /// Takes a file; the database has it within a second.
  public func artifact(_ artifact: Artifact) throws { try take(.artifact(artifact)) }

  /// Enters what is left, the summary and the outcome in one transaction.
  public func runEnds(_ outcome: RunOutcome) throws {
    guard let record = record.withLock({ $0 }) else { return }
    try record.entries.flush { entries in
      try self.database.end(record.id, outcome, entries: entries, folder: record.folder)
    }
  }

  private func take(_ entry: RunEntry) throws { try record.withLock { $0?.entries }?.append(entry) }
}
