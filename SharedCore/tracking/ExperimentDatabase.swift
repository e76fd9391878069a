import Foundation
import GRDB
import Utils

/// What is added to a run while it goes on.
enum RunEntry: Sendable {
  case metrics(MetricRow)
  case artifact(Artifact)
}

/// `outputs/experiments.sqlite`: every run of every model, its settings, metrics, files and tags.
///
/// Any number of processes may write at once: SQLite's write-ahead log lets one of them in at a time while readers go
/// on, and a writer waits some seconds for its turn. Nothing here keeps a transaction open between two calls.
public final class ExperimentDatabase: Sendable {
  /// Where the database lies.
  public let url: URL
  /// What the person should know about its opening: that a damaged file was set aside; usually nil.
  public let notice: String?
  private let queue: DatabaseQueue
  private let number: UInt64?

  /// Opens the database at `url`, and makes it if it is missing and `create` is true.
  ///
  /// A damaged file is renamed, never overwritten, and `notice` says so; where a later statement finds the damage, its error
  /// does. What earlier runs could not enter is taken in (`keepWaiting`). `patience` is how many seconds another program's
  /// turn is waited for. Throws a `LabError` when the folder is
  /// missing or not writable, when the file is missing and may not be made, or when a newer program wrote it.
  public init(_ url: URL, create: Bool = true, patience: Double = 5) throws {
    self.url = url
    guard create || FileManager.default.fileExists(atPath: url.path) else {
      throw LabError(
        .tracking, "there is no experiment database \(url.relativePath)",
        remedy: "train a model first, or set LAB_ROOT to the workspace")
    }
    (queue, number, notice) = try openDatabase(url, patience: patience)
    takeInWaiting()
  }

  /// Whether another file has taken the place of this one, which was damaged.
  var isReplaced: Bool { fileNumber(url) != number }

  /// Closes the file, after what is being written has been written; the database may not be used afterwards.
  public func close() throws { try translated { try queue.close() } }

  /// What `body` reads, as of one moment.
  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try translated { try queue.read(body) }
  }

  /// Runs `body` in a transaction: all of it is written, or nothing.
  func write(_ body: (Database) throws -> Void) throws {
    try translated {
      try queue.writeWithoutTransaction { database in
        try database.inTransaction(.immediate) {
          try body(database)
          return .commit
        }
      }
    }
  }

  /// Runs `body` outside any transaction.
  func maintain(_ body: (Database) throws -> Void) throws {
    try translated { try queue.writeWithoutTransaction(body) }
  }

  private func translated<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as DatabaseError {
      if error.isDamage, let aside = try setAside(url, number: number) {
        throw LabError(
          .tracking, "the experiment database \(url.relativePath) is damaged and is kept as \(aside)",
          remedy: "run the command again: a new one is begun")
      }
      throw labError(error, url)
    }
  }
}

extension ExperimentDatabase {
  /// Enters a run with status `running`; one that `goesOn` may be entered already.
  public func begin(_ run: RunDescription, in folder: RunFolder, goesOn: Bool = false) throws {
    try write { database in
      try database.execute(
        sql: """
          INSERT INTO runs (id, model, architecture, experiment, dataset, seed, command, folder, status, started,
            git_commit, git_branch, git_dirty, host, machine, parent)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?, ?, ?)
          \(goesOn ? "ON CONFLICT (id) DO UPDATE SET status = 'running'" : "")
          """,
        arguments: [
          run.id, run.model, run.architecture, run.experiment, run.dataset, String(run.seed), run.commandLine,
          path(of: folder.url, from: workspace), Timestamp.iso8601(run.started), run.git?.commit,
          run.git?.branch,
          run.git?.isDirty, run.machine.host, run.machineJSON.text(), run.parent,
        ])
      try insert(run.parameters, into: "parameters (run, key, value)", run.id, database) {
        [$0.key, $0.value]
      }
      try insert(Set(run.tags).sorted(), into: "tags (run, tag)", run.id, database) { [$0] }
    }
  }

  /// Adds metrics and files to a run; a file that is there already gets the new sum.
  func append(_ entries: [RunEntry], run: String, folder: URL) throws {
    try write { try insert(entries, run, folder, $0) }
  }

  /// Enters how a run ended, with what was logged since the last call, in one transaction.
  func end(_ run: String, _ outcome: RunOutcome, entries: [RunEntry], folder: URL) throws {
    try write { database in
      try insert(entries, run, folder, database)
      try insert(outcome.summary, into: "summaries (run, name, value)", run, database) {
        [$0.name, $0.value]
      }
      try database.execute(
        sql: """
          UPDATE runs SET status = ?, exit = ?, reason = ?, ended = ?, seconds = ?, peak_memory = ?,
            checkpoint_sha256 = ? WHERE id = ?
          """,
        arguments: [
          outcome.status.rawValue, outcome.exitCode, outcome.reason, Timestamp.iso8601(outcome.ended),
          outcome.seconds, outcome.peakMemory, outcome.checkpointSHA256, run,
        ])
    }
  }

  /// Marks a run as killed whose process ended without a word, with its last `checkpoint` where that is known; one that has
  /// an end of its own keeps it.
  public func endAbandoned(_ run: String, reason: String, checkpoint: Artifact? = nil) throws {
    try write { database in
      let (started, killed) = (RunStatus.running.rawValue, RunStatus.killed.rawValue)
      try database.execute(
        sql: """
          UPDATE runs SET status = ?1, reason = ?2, checkpoint_sha256 = COALESCE(?3, checkpoint_sha256)
          WHERE id = ?4 AND status IN (?5, ?1)
          """, arguments: [killed, reason, checkpoint?.sha256, run, started])
      guard database.changesCount > 0, let checkpoint else { return }
      let record = try record(run, database)
      try insert([.artifact(checkpoint)], run, record.folder, database)
    }
  }

  /// Enters where a run lies after it was moved.
  public func move(_ run: String, to folder: URL) throws {
    try write {
      try $0.execute(
        sql: "UPDATE runs SET folder = ? WHERE id = ?", arguments: [path(of: folder, from: workspace), run])
    }
  }

  /// The folder that holds `outputs`, from which the record's paths are told so that a workspace can be moved.
  var workspace: URL { url.deletingLastPathComponent().deletingLastPathComponent() }

  private func insert(_ entries: [RunEntry], _ run: String, _ folder: URL, _ database: Database) throws {
    let metric = try database.cachedStatement(
      sql: "INSERT INTO metrics (run, name, step, epoch, value) VALUES (?, ?, ?, ?, ?)")
    let file = try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO artifacts (run, path, kind, sha256) VALUES (?, ?, ?, ?)")
    for entry in entries {
      switch entry {
      case .metrics(let row):
        for (name, value) in row.metrics {
          try metric.execute(arguments: [run, name, row.step, row.epoch, value])
        }
      case .artifact(let artifact):
        try file.execute(arguments: [
          run, path(of: artifact.url, from: folder), artifact.kind, artifact.sha256,
        ])
      }
    }
  }

  private func insert<Element>(
    _ elements: [Element], into table: String, _ run: String, _ database: Database,
    _ values: (Element) -> [(any DatabaseValueConvertible)?]
  ) throws {
    guard let first = elements.first else { return }
    let marks = ["?"] + values(first).map { _ in "?" }
    let sql = "INSERT OR REPLACE INTO \(table) VALUES (\(marks.joined(separator: ", ")))"
    let statement = try database.cachedStatement(sql: sql)
    for element in elements { try statement.execute(arguments: StatementArguments([run] + values(element))) }
  }
}
