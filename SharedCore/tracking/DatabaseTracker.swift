import Foundation
import Synchronization
import Utils

/// The record in the experiment database: one transaction a second, and one at the end.
///
/// A training never waits for it longer than some seconds. While the database is in use by another program, what is to be
/// entered is kept; what cannot be entered at the end either waits in a file beside the database. When the database turns
/// out to be damaged, the run goes on in the new one.
public final class DatabaseTracker: Tracker {
  private struct Record {
    var run: RunDescription
    var folder: RunFolder
    var entries: WriteBehind<RunEntry>
  }

  private struct Connection {
    var database: ExperimentDatabase?
    /// Whether the run has its row.
    var hasRun = false
  }

  private let url: URL
  private let goesOn: Bool
  private let tell: @Sendable (String) -> Void
  private let record = Mutex<Record?>(nil)
  private let connection: Mutex<Connection>

  /// How many seconds one statement waits for another program's turn.
  private static let patience = 2.0

  /// A tracker that opens the database at `url` when the run starts; `goesOn` where a run is taken up again in its own
  /// folder. `tell` hears of a damaged file that was set aside.
  public init(at url: URL, goesOn: Bool = false, tell: @escaping @Sendable (String) -> Void) {
    (self.url, self.goesOn, self.tell) = (url, goesOn, tell)
    connection = Mutex(Connection())
  }

  /// A tracker that writes to `database`, which is open.
  public init(_ database: ExperimentDatabase) {
    (url, goesOn, tell) = (database.url, false, { _ in })
    connection = Mutex(Connection(database: database))
  }

  /// "database", as in "the database record".
  public var name: String { "database" }

  /// Enters the run with its parameters and tags, now or, when the database is in use, with its first metrics.
  public func runStarts(_ run: RunDescription, in folder: RunFolder) throws {
    let entries = WriteBehind<RunEntry> { [weak self] entries in
      try self?.enter(run, folder) { try $0.append(entries, run: run.id, folder: folder.url) }
    }
    record.withLock { $0 = Record(run: run, folder: folder, entries: entries) }
    try later { try enter(run, folder) { _ in } }
  }

  /// Takes the metrics; the database has them within a second.
  public func log(_ metrics: [(name: String, value: Double)], step: Int, epoch: Int) throws {
    try take(.metrics(MetricRow(step: step, epoch: epoch, metrics: metrics)))
  }

  /// Takes a file; the database has it within a second.
  public func artifact(_ artifact: Artifact) throws { try take(.artifact(artifact)) }

  /// Enters what is left, the summary and the outcome in one transaction, else keeps them beside the database and throws.
  public func runEnds(_ outcome: RunOutcome) throws {
    guard let record = record.withLock({ $0 }) else { return }
    let (run, folder) = (record.run, record.folder)
    var trouble: LabError?
    try record.entries.flush { entries in
      do {
        try self.enter(run, folder) { try $0.end(run.id, outcome, entries: entries, folder: folder.url) }
      } catch let error as LabError {
        let kept = try? ExperimentDatabase.keepWaiting(run, outcome, entries, in: folder, beside: self.url)
        guard let kept else { throw error }
        trouble = LabError(
          error.kind, error.cause,
          remedy: "\(error.remedy); what it lacks waits in \(kept.lastPathComponent) and is taken in then")
      }
    }
    if let trouble { throw trouble }
  }

  private func take(_ entry: RunEntry) throws {
    try later { try record.withLock { $0?.entries }?.append(entry) }
  }

  /// Runs `body`, whose error is passed over when the database is in use: it will be tried again.
  private func later(_ body: () throws -> Void) throws {
    do { try body() } catch let error as LabError where error.cause == busyCause(url) {}
  }

  /// Runs `body` on the database once it has the run; on a new one when this one turns out to be damaged.
  private func enter(_ run: RunDescription, _ folder: RunFolder, _ body: (ExperimentDatabase) throws -> Void)
    throws
  {
    try connection.withLock { connection in
      do {
        try body(connect(&connection, run, folder))
      } catch  where connection.database?.isReplaced == true {
        try body(connect(&connection, run, folder))
      }
    }
  }

  /// The database that lies at the URL now, with the run's row.
  private func connect(_ connection: inout Connection, _ run: RunDescription, _ folder: RunFolder) throws
    -> ExperimentDatabase
  {
    let isAnother = connection.database?.isReplaced == true
    if isAnother || connection.database == nil {
      connection = Connection()
      try? FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      connection.database = try ExperimentDatabase(url, patience: Self.patience)
      if isAnother {
        tell("\(url.relativePath) was damaged and set aside; this run goes on in a new database.")
      }
      if let notice = connection.database?.notice { tell(notice) }
    }
    let database = connection.database!
    if !connection.hasRun { try database.begin(run, in: folder, goesOn: goesOn || isAnother) }
    connection.hasRun = true
    return database
  }
}
