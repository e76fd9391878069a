import Foundation
import GRDB
import Utils

/// A connection to the database at `url`, migrated, with the number of its file and a sentence about a damaged one that was
/// set aside; another program's turn is waited for at most `patience` seconds.
func openDatabase(_ url: URL, patience: Double) throws -> (DatabaseQueue, number: UInt64?, notice: String?) {
  var notice: String?
  while true {
    let seen = fileNumber(url)
    do {
      let queue = try connect(url, patience)
      let number = fileNumber(url)
      if seen == nil || number == seen { return (queue, number, notice) }
    } catch let error as DatabaseError where error.isDamage {
      let aside = try setAside(url, number: seen)
      notice =
        aside.map { "\(url.relativePath) was damaged; it is kept as \($0) and a new database was begun." }
        ?? notice
    } catch let error as DatabaseError {
      // Another file that took this one's place meanwhile came with a log that belongs to it alone.
      guard seen != nil, fileNumber(url) != seen else { throw labError(error, url) }
    }
  }
}

extension DatabaseError {
  /// The file is not what SQLite has written.
  var isDamage: Bool { resultCode == .SQLITE_NOTADB || resultCode == .SQLITE_CORRUPT }
}

private func connect(_ url: URL, _ patience: Double) throws -> DatabaseQueue {
  try OutputLinks.refuse(at: url)
  var configuration = Configuration()
  configuration.busyMode = .timeout(patience)
  configuration.label = "experiments"
  // Whoever has opened a damaged file must have seen so before another makes a new one in its place: SQLite would take the
  // new one's log for that of the file that it has opened.
  let folder = lockFolder(of: url, LOCK_SH)
  defer { if let folder { close(folder) } }
  let queue = try DatabaseQueue(path: url.path, configuration: configuration)
  try queue.writeWithoutTransaction { database in
    let version = try version(of: database)
    guard version <= migrations.count else {
      throw LabError(
        .tracking,
        "\(url.relativePath) has version \(version) and this program knows versions up to \(migrations.count)",
        remedy: "update the workspace, or move the file away to begin a new one")
    }
    try useWriteAheadLog(database, patience)
    try migrate(database)
  }
  return queue
}

/// Switches to the write-ahead log, which lasts for the file's life.
///
/// SQLite does not wait for other processes here, whatever the busy timeout, so this does.
private func useWriteAheadLog(_ database: Database, _ patience: Double) throws {
  // In this mode NORMAL keeps the file sound through a loss of power; only the last second may be missing.
  try database.execute(sql: "PRAGMA synchronous = NORMAL")
  if try String.fetchOne(database, sql: "PRAGMA journal_mode") == "wal" { return }
  let deadline = ContinuousClock.now + .seconds(patience)
  while true {
    do {
      return try database.execute(sql: "PRAGMA journal_mode = WAL")
    } catch let error as DatabaseError
      where error.resultCode == .SQLITE_BUSY && ContinuousClock.now < deadline
    {
      usleep(10_000)
    }
  }
}

/// Renames the damaged file and its log to a name with the time, and gives it; nil if another process just did.
///
/// A lock on the folder makes one process do it. The others then find another file, or none, in its place: one whose number
/// is not that of the file in which the damage was found, which may be as good as new. The file itself is not opened here:
/// closing it would take away the locks that SQLite holds on it elsewhere in this process.
func setAside(_ url: URL, number: UInt64?) throws -> String? {
  guard let folder = lockFolder(of: url, LOCK_EX) else { return nil }
  defer { close(folder) }
  guard let number, fileNumber(url) == number else { return nil }

  let target = freePlace(aside: url)
  // The log goes first: without it, nobody can take the new file's place for the damaged one's.
  for ending in ["-wal", "-shm"] { rename(url.path + ending, target.path + ending) }
  guard link(url.path, target.path) == 0, unlink(url.path) == 0 else {
    throw LabError(
      .tracking, "\(url.relativePath) is damaged and cannot be renamed: \(systemReason())",
      remedy: "move it away by hand")
  }
  return target.lastPathComponent
}

/// Where a damaged file may lie: two of one second have different names.
private func freePlace(aside url: URL) -> URL {
  let name = "\(url.deletingPathExtension().lastPathComponent).damaged-\(Timestamp.folderName(Date()))"
  let places = sequence(first: 1) { $0 + 1 }.lazy.map { count in
    url.deletingLastPathComponent().appendingPathComponent(
      name + (count > 1 ? "-\(count)" : "") + ".\(url.pathExtension)")
  }
  return places.first { place in ["", "-wal", "-shm"].allSatisfy { access(place.path + $0, F_OK) != 0 } }!
}

/// A lock on the folder of `url`, held until the descriptor is closed; nil where the folder cannot be opened.
private func lockFolder(of url: URL, _ kind: Int32) -> Int32? {
  let folder = open(url.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard folder >= 0 else { return nil }
  flock(folder, kind)
  return folder
}

/// The number by which the file system knows the file at `url`; nil where there is none.
func fileNumber(_ url: URL) -> UInt64? {
  var facts = stat()
  return stat(url.path, &facts) == 0 ? UInt64(facts.st_ino) : nil
}

/// What is said when another program does not let us write.
func busyCause(_ url: URL) -> String {
  "the experiment database \(url.relativePath) is in use by another program"
}

/// An error of SQLite as a sentence with its remedy.
func labError(_ error: DatabaseError, _ url: URL) -> LabError {
  if [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode) {
    return LabError(.tracking, busyCause(url), remedy: "end that program")
  }
  let file = url.relativePath
  let (reason, remedy) =
    switch error.resultCode {
    case .SQLITE_CANTOPEN:
      (
        "cannot be opened",
        "make sure that its folder exists and is writable, or set LAB_ROOT to the workspace"
      )
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      ("is read-only", "make the file and its folder writable")
    case .SQLITE_FULL: ("cannot grow: no space is left on the device", "free some space")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: ("is damaged", "run the command again: a new one is begun")
    case .SQLITE_IOERR: ("cannot be read or written", "check the disk")
    default: ("answered: \(error.message ?? "no reason given")", "check the file with the sqlite3 program")
    }
  return LabError(.tracking, "the experiment database \(file) \(reason)", remedy: remedy)
}
