import GRDB

/// The tables of the experiment database, as a list of steps: step n leads from `user_version` n to n + 1.
///
/// A step that was published is never changed; a new table or column is a new step at the end.
let migrations = [
  """
  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    model TEXT NOT NULL,
    architecture TEXT NOT NULL,
    experiment TEXT NOT NULL,
    dataset TEXT NOT NULL,
    seed TEXT NOT NULL,                -- up to 2^64 - 1, more than an INTEGER holds
    command TEXT NOT NULL,
    folder TEXT NOT NULL,              -- from the workspace's root when it lies below it
    status TEXT NOT NULL,              -- running, finished, stopped, failed
    exit INTEGER,
    reason TEXT,
    started TEXT NOT NULL,             -- ISO 8601, UTC
    ended TEXT,
    seconds REAL,
    peak_memory INTEGER,               -- bytes
    git_commit TEXT,
    git_branch TEXT,
    git_dirty INTEGER,
    host TEXT NOT NULL,
    machine TEXT NOT NULL,             -- JSON: cpu, cores, memory, system, swift, libraries
    checkpoint_sha256 TEXT,
    parent TEXT                        -- SHA-256 of the checkpoint it started from
  );
  CREATE INDEX runs_by_experiment ON runs (experiment, started);
  CREATE INDEX runs_by_start ON runs (started);

  CREATE TABLE parameters (
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    key TEXT NOT NULL,                 -- a path: optimizer.learning_rate
    value TEXT NOT NULL,
    PRIMARY KEY (run, key)
  ) WITHOUT ROWID;

  CREATE TABLE metrics (
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    step INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    value REAL                         -- NULL for NaN
  );
  CREATE INDEX metrics_by_run ON metrics (run, name);

  CREATE TABLE summaries (             -- the figures a run reports when it ends
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value REAL,
    PRIMARY KEY (run, name)
  ) WITHOUT ROWID;

  CREATE TABLE artifacts (
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    path TEXT NOT NULL,                -- from the run's folder when it lies below it
    kind TEXT NOT NULL,
    sha256 TEXT,
    PRIMARY KEY (run, path)
  ) WITHOUT ROWID;

  CREATE TABLE tags (
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (run, tag)
  ) WITHOUT ROWID
  """
]

/// Brings `database` from its `user_version` to the newest, each step in a transaction of its own.
///
/// The version is read again inside the transaction: of eight processes that find a new file, one makes the tables.
func migrate(_ database: Database, steps: [String] = migrations) throws {
  while try version(of: database) < steps.count {
    try database.inTransaction(.immediate) {
      let version = try version(of: database)
      if version < steps.count {
        try database.execute(sql: steps[version] + ";\nPRAGMA user_version = \(version + 1);")
      }
      return .commit
    }
  }
}

/// The number of steps that `database` has been through.
func version(of database: Database) throws -> Int {
  try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
}
