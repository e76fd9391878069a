import Foundation
import GRDB
import Utils

/// What a run could not enter because the database was in use, read-only or full: a database of its own beside it, which is
/// taken in by the next program that opens the large one.
extension ExperimentDatabase {
  private static let prefix = "unrecorded-"

  /// Keeps a whole run, with the entries that have not been written yet, in `unrecorded-ID.sqlite` beside the database at
  /// `url`; gives that file.
  static func keepWaiting(
    _ run: RunDescription, _ outcome: RunOutcome, _ entries: [RunEntry], in folder: RunFolder, beside url: URL
  ) throws -> URL {
    let parent = url.deletingLastPathComponent()
    let file = parent.appendingPathComponent("\(prefix)\(run.id).sqlite")
    let draft = parent.appendingPathComponent(".\(prefix)\(run.id).sqlite")
    let waiting = try ExperimentDatabase(draft)
    try waiting.begin(run, in: folder, goesOn: true)
    try waiting.end(run.id, outcome, entries: entries, folder: folder.url)
    try waiting.close()
    guard rename(draft.path, file.path) == 0 else { throw cannotWrite(file, systemReason()) }
    return file
  }

  /// Takes in what waits beside this database, as far as it can be read and written now.
  func takeInWaiting() {
    guard !url.lastPathComponent.contains(Self.prefix) else { return }  // it waits itself
    let parent = url.deletingLastPathComponent()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
    let waiting = names.filter { name in
      name.hasPrefix(Self.prefix) && name.hasSuffix(".sqlite") && !name.contains(".damaged-")
    }
    for name in waiting.sorted() {
      let file = parent.appendingPathComponent(name)
      do {
        try alone(with: file) { try takeIn(file) }
      } catch let error as LabError where error.cause == busyCause(url) {
        return  // another time
      } catch {
        continue  // one that cannot be read does not keep the others out
      }
    }
  }

  private func takeIn(_ file: URL) throws {
    try ExperimentDatabase(file, create: false).close()  // brings an old one to our version
    try maintain { database in
      try database.execute(sql: "ATTACH DATABASE ? AS waiting", arguments: [file.path])
      defer { try? database.execute(sql: "DETACH DATABASE waiting") }
      try database.inTransaction(.immediate) {
        try copyWaiting(in: database)
        return .commit
      }
    }
    unlink(file.path)
  }

  /// Copies the run of the attached database, unless that was done and only its file has stayed.
  private func copyWaiting(in database: Database) throws {
    let isDone = try Bool.fetchOne(
      database,
      sql: """
        SELECT EXISTS (SELECT 1 FROM main.runs JOIN waiting.runs AS late USING (id) WHERE main.runs.ended = late.ended)
        """)
    guard isDone != true else { return }
    let outcome = ["status", "exit", "reason", "ended", "seconds", "peak_memory", "checkpoint_sha256"]
    try database.execute(
      sql: """
        INSERT INTO main.runs SELECT * FROM waiting.runs WHERE TRUE ON CONFLICT (id)
          DO UPDATE SET \(outcome.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
        """)
    for table in ["parameters", "metrics", "summaries", "artifacts", "tags"] {
      try database.execute(sql: "INSERT OR REPLACE INTO main.\(table) SELECT * FROM waiting.\(table)")
    }
  }
}

/// Runs `body` unless another program is doing the same with `file`, or has done it.
private func alone(with file: URL, _ body: () throws -> Void) throws {
  let number = fileNumber(file)
  let lock = open(file.path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
  guard lock >= 0 else { return }
  defer { close(lock) }
  guard flock(lock, LOCK_EX | LOCK_NB) == 0 else { return }
  defer { flock(lock, LOCK_UN) }  // said outright: a program that is just started holds the file, too
  if number != nil, fileNumber(file) == number { try body() }
}
