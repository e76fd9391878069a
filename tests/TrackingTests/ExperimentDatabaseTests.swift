import Foundation
import GRDB
import Synchronization
import Testing
import Utils

@testable import Tracking

private func withDatabaseURL(_ body: (URL) throws -> Void) throws {
  try withFolder { try body($0.appendingPathComponent("experiments.sqlite")) }
}

private func files(beside url: URL) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path).sorted()
}

@Suite struct ExperimentDatabaseTests {
  @Test func aNewDatabaseHasTheNewestVersion() throws {
    try withDatabaseURL { url in
      let database = try ExperimentDatabase(url)
      #expect(try database.read { try version(of: $0) } == migrations.count)
      #expect(try database.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
      #expect(try database.notice == nil && database.runs().isEmpty)
      try database.close()
      #expect(try files(beside: url) == ["experiments.sqlite"])
    }
  }

  @Test func anOldDatabaseIsMigratedAndKeepsItsRuns() throws {
    try withDatabaseURL { url in
      let database = try ExperimentDatabase(url)
      try record(sampleRun(), sampleOutcome(), in: database)
      let steps = migrations + ["ALTER TABLE runs ADD COLUMN note TEXT DEFAULT 'none'"]
      try DatabaseQueue(path: url.path).writeWithoutTransaction { try migrate($0, steps: steps) }
      #expect(try database.read { try version(of: $0) } == migrations.count + 1)
      #expect(try database.read { try String.fetchAll($0, sql: "SELECT note FROM runs") } == ["none"])
    }
  }

  @Test func aStepThatFailsChangesNothing() throws {
    try withDatabaseURL { url in
      let queue = try DatabaseQueue(path: url.path)
      #expect(throws: DatabaseError.self) {
        try queue.writeWithoutTransaction {
          try migrate($0, steps: ["CREATE TABLE a (b); CREATE TABLE a (b);"])
        }
      }
      #expect(try queue.read { try version(of: $0) } == 0)
      #expect(try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") } == 0)
    }
  }

  @Test func aNewerDatabaseIsRefusedAndUntouched() throws {
    try withDatabaseURL { url in
      try ExperimentDatabase(url).close()
      try DatabaseQueue(path: url.path).writeWithoutTransaction {
        try $0.execute(sql: "PRAGMA user_version = 7")
      }
      let error = try labError { try ExperimentDatabase(url) }
      #expect(error.cause.contains("experiments.sqlite has version 7"))
      #expect(error.remedy.contains("update the workspace"))
      #expect(try DatabaseQueue(path: url.path).read { try version(of: $0) } == 7)
    }
  }

  @Test func aLinkInItsPlaceIsRefused() throws {
    try withDatabaseURL { url in
      let elsewhere = url.deletingLastPathComponent().appending(path: "elsewhere.sqlite")
      try FileManager.default.createSymbolicLink(at: url, withDestinationURL: elsewhere)
      let error = try labError { try ExperimentDatabase(url) }
      #expect(error.cause.contains("experiments.sqlite is a symbolic link"))
      #expect(!FileManager.default.fileExists(atPath: elsewhere.path))
    }
  }

  @Test func aDamagedFileIsSetAside() throws {
    try withDatabaseURL { url in
      let damage = Data("this was never a database, whatever its name says".utf8) + Data(count: 9000)
      try damage.write(to: url)
      let database = try ExperimentDatabase(url)
      #expect(database.notice?.contains("experiments.sqlite was damaged; it is kept as") == true)
      try record(sampleRun(), sampleOutcome(), in: database)
      let kept = try #require(
        try files(beside: url).first { $0.hasSuffix(".sqlite") && $0.hasPrefix("experiments.damaged-") })
      #expect(try Data(contentsOf: url.deletingLastPathComponent().appendingPathComponent(kept)) == damage)
    }
  }

  /// A log that stayed would be taken for the new database's own.
  @Test func theLogIsSetAsideToo() throws {
    try withDatabaseURL { url in
      for ending in ["", "-wal", "-shm"] {
        try Data(ending.utf8).write(to: URL(fileURLWithPath: url.path + ending))
      }
      #expect(try setAside(url, number: fileNumber(url)) != nil)
      let names = try files(beside: url)
      #expect(names.count == 3 && names.allSatisfy { $0.hasPrefix("experiments.damaged-") })
      #expect(names.map { $0.split(separator: ".").last } == ["sqlite", "sqlite-shm", "sqlite-wal"])
    }
  }

  /// A process that comes second must not take the new database for the damaged one it opened.
  @Test func theSecondToSeeTheDamageLeavesTheNewFileAlone() throws {
    try withDatabaseURL { url in
      try Data(count: 10).write(to: url)
      let damaged = fileNumber(url)
      let folder = url.deletingLastPathComponent()
      let first = open(folder.path, O_RDONLY | O_DIRECTORY)
      defer { close(first) }
      flock(first, LOCK_EX)
      let answer = Mutex<Result<String?, any Error>?>(nil)
      DispatchQueue.global().async {
        let result = Result { try setAside(url, number: damaged) }
        answer.withLock { $0 = result }
      }
      try wait { openDescriptors(of: folder) == 2 }
      rename(url.path, url.path + ".first")
      try Data("new".utf8).write(to: url)
      flock(first, LOCK_UN)
      try wait { answer.withLock { $0 } != nil }
      #expect(try answer.withLock { try $0?.get() } == .some(nil))
      #expect(try text(url) == "new")
    }
  }

  @Test func theFileThatTookTheDamagedOnesPlaceStays() throws {
    try withDatabaseURL { url in
      try Data("damaged".utf8).write(to: url)
      let damaged = fileNumber(url)
      rename(url.path, url.path + ".first")
      try Data("new".utf8).write(to: url)
      #expect(try setAside(url, number: damaged) == nil)
      #expect(try text(url) == "new")
      #expect(try setAside(url, number: fileNumber(url)) != nil)
    }
  }

  @Test func twiceInASecond() throws {
    try withDatabaseURL { url in
      for content in ["a", "b", "c"] {
        try Data(content.utf8).write(to: url)
        #expect(try setAside(url, number: fileNumber(url)) != nil)
      }
      let kept = try files(beside: url).map { try text(url.deletingLastPathComponent().appending(path: $0)) }
      #expect(kept.sorted() == ["a", "b", "c"])
    }
  }

  /// A query may be the first to read the damaged pages.
  @Test func damageThatAQueryFindsIsSetAside() throws {
    try withDatabaseURL { url in
      let database = try ExperimentDatabase(url)
      for index in 0..<300 { try record(sampleRun(id: "o\(10_000 + index)"), sampleOutcome(), in: database) }
      try database.close()
      var bytes = try Data(contentsOf: url)
      for index in 4096..<bytes.count { bytes[index] = 0xA5 }
      try bytes.write(to: url)
      let damaged = try ExperimentDatabase(url)
      let error = try labError { try damaged.runs() }
      #expect(error.cause.contains("is damaged and is kept as experiments.damaged-"))
      #expect(try ExperimentDatabase(url).runs().isEmpty)
    }
  }

  @Test func aCutFileIsSetAside() throws {
    try withDatabaseURL { url in
      let database = try ExperimentDatabase(url)
      try record(sampleRun(), sampleOutcome(), in: database)
      try database.close()
      let whole = try Data(contentsOf: url)
      try whole.prefix(whole.count / 2).write(to: url)
      #expect(try ExperimentDatabase(url).notice != nil)
    }
  }

  @Test func ofManyThatFindDamageOneSetsItAside() throws {
    try withDatabaseURL { url in
      try Data(count: 9000).map { _ in UInt8(7) }.withUnsafeBytes { try Data($0).write(to: url) }
      DispatchQueue.concurrentPerform(iterations: 8) { index in
        do {
          let database = try ExperimentDatabase(url)
          try record(sampleRun(id: "run00\(index)"), nil, in: database)
        } catch {
          Issue.record(error)
        }
      }
      #expect(try ExperimentDatabase(url).runs().count == 8)
      #expect(try files(beside: url).count { $0.hasPrefix("experiments.damaged-") } == 1)
    }
  }

  @Test func aMissingFolderAndAMissingFileAreNamed() throws {
    try withDatabaseURL { url in
      let error = try labError { try ExperimentDatabase(url, create: false) }
      #expect(
        error.cause.contains("there is no experiment database") && error.remedy.contains("train a model"))
      #expect(try files(beside: url).isEmpty)
      let folder = url.deletingLastPathComponent().appendingPathComponent("none/experiments.sqlite")
      let missing = try labError { try ExperimentDatabase(folder) }
      #expect(missing.cause.contains("none/experiments.sqlite cannot be opened"))
      #expect(missing.remedy.contains("exists and is writable"))
      let system = try labError { try ExperimentDatabase(URL(fileURLWithPath: "/proc/experiments.sqlite")) }
      #expect(system.cause.contains("/proc/experiments.sqlite"))
    }
  }

  @Test func aFullDiskLosesNothingThatFitsLater() throws {
    try withDatabaseURL { url in
      let database = try ExperimentDatabase(url)
      let folder = try RunFolder.create(under: url.deletingLastPathComponent(), experiment: "xor")
      let tracker = DatabaseTracker(database)
      try tracker.runStarts(sampleRun(id: folder.id), in: folder)
      // SQLite's own limit gives the same error as a full disk.
      let size = try #require(try database.read { try Int.fetchOne($0, sql: "PRAGMA page_count") })
      try database.read { try $0.execute(sql: "PRAGMA max_page_count = \(size)") }
      for step in 0..<2000 { try tracker.log([("train_loss", 0.5)], step: step, epoch: 0) }
      let error = try labError { try tracker.runEnds(sampleOutcome()) }
      #expect(error.cause.contains("no space is left"))
      #expect(try database.run(folder.id).record.status == .running)

      try database.read { try $0.execute(sql: "PRAGMA max_page_count = 100000") }
      let again = try ExperimentDatabase(url)
      #expect(try again.history(of: "train_loss", in: folder.id).count == 2000)
      #expect(try again.run(folder.id).record.status == .finished)
    }
  }

  @Test func eightConnectionsLoseNoRow() async throws {
    let outputs = FileManager.default.temporaryDirectory.appendingPathComponent(
      "tracking-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: outputs, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: outputs) }
    let url = outputs.appendingPathComponent("experiments.sqlite")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<8 { group.addTask { try trainOnce(index, url) } }
      try await group.waitForAll()
    }
    try expectEightRuns(url)
  }

  @Test func eightProcessesLoseNoRow() async throws {
    let outputs = FileManager.default.temporaryDirectory.appendingPathComponent(
      "tracking-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: outputs, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: outputs) }
    let url = outputs.appendingPathComponent("experiments.sqlite")
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<8 {
        group.addTask {
          let path = url.path
          await #expect(processExitsWith: .success) { [index = index as Int, path = path as String] in
            try trainOnce(index, URL(fileURLWithPath: path))
          }
        }
      }
    }
    try expectEightRuns(url)
  }
}

/// Waits until `condition` holds, or records that it does not within 20 seconds.
private func wait(until condition: () -> Bool) throws {
  let deadline = ContinuousClock.now + .seconds(20)
  while !condition(), ContinuousClock.now < deadline { usleep(5_000) }
  try #require(condition())
}

/// How many of this process's descriptors belong to the file at `url`.
private func openDescriptors(of url: URL) -> Int {
  let files = FileManager.default
  let all = (try? files.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
  let path = url.resolvingSymlinksInPath().path
  return all.count { (try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path }
}

/// What one of eight trainings does: 20 transactions of 10 rows.
private func trainOnce(_ index: Int, _ url: URL) throws {
  let database = try ExperimentDatabase(url)
  let run = sampleRun(id: "run00\(index)")
  let folder = try record(run, nil, in: database)
  for step in 0..<20 {
    let rows = (0..<10).map {
      MetricRow(step: step * 10 + $0, epoch: step, metrics: [("train_loss", Double(index))])
    }
    try database.append(rows.map(RunEntry.metrics), run: run.id, folder: folder.url)
  }
  try database.end(run.id, sampleOutcome(), entries: [], folder: folder.url)
  try database.close()
}

private func expectEightRuns(_ url: URL) throws {
  let database = try ExperimentDatabase(url)
  let runs = try database.runs()
  #expect(runs.count == 8 && runs.allSatisfy { $0.status == .finished && $0.summary.count == 1 })
  for (index, run) in runs.sorted(by: { $0.id < $1.id }).enumerated() {
    let history = try database.history(of: "train_loss", in: run.id)
    #expect(history.map(\.step) == Array(0..<200))
    #expect(history.allSatisfy { $0.value == Double(index) })
  }
}
