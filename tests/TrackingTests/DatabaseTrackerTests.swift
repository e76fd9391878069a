import Foundation
import GRDB
import Synchronization
import Testing
import Utils

@testable import Tracking

@Suite struct DatabaseTrackerTests {
  @Test func aWholeRunComesBack() throws {
    try withFolder { outputs in
      let database = try ExperimentDatabase(outputs.appendingPathComponent("experiments.sqlite"))
      let folder = try RunFolder.create(under: outputs, experiment: "xor")
      let tracker = DatabaseTracker(database)
      let run = sampleRun(id: folder.id, tags: ["b", "a", "a"])
      try tracker.runStarts(run, in: folder)
      #expect(try database.run(folder.id).record.status == .running)

      try tracker.log([("train_loss", 0.5), ("train_accuracy", 0.25)], step: 1, epoch: 0)
      try tracker.log([("train_loss", .nan)], step: 2, epoch: 0)
      try tracker.log([("train_loss", .infinity)], step: 3, epoch: 1)
      try tracker.artifact(Artifact(url: folder.bestCheckpoint, kind: "checkpoint", sha256: "old"))
      try tracker.artifact(Artifact(url: folder.bestCheckpoint, kind: "checkpoint", sha256: "new"))
      try tracker.runEnds(sampleOutcome(extra: [("val_loss", .nan)]))
      try database.close()

      let again = try ExperimentDatabase(database.url)
      let details = try again.run(folder.id)
      let record = details.record
      #expect(
        record.model == "01_perceptron" && record.architecture == "Perceptron" && record.dataset == "xor")
      #expect(record.seed == 42 && record.command == "train --experiment xor")
      #expect(record.folder.standardizedFileURL.path == folder.url.standardizedFileURL.path)
      #expect(record.status == .finished && record.exitCode == 0 && record.reason == nil)
      #expect(record.started == sampleDate && record.ended == sampleDate.addingTimeInterval(2))
      #expect(record.seconds == 2 && record.peakMemory == 1000)
      #expect(record.git == GitFacts(commit: "2f1a", branch: "main", isDirty: true))
      #expect(record.host == "h" && record.machine["libraries"]?["oneDNN"] == "2.6.0")
      #expect(record.checkpointSHA256 == "feed" && record.parent == nil && record.tags == ["a", "b"])
      #expect(record.summary["all_accuracy"] == 0.75 && record.summary["val_loss"]?.isNaN == true)
      #expect(
        details.parameters == ["epochs": "10", "optimizer.learning_rate": "0.1", "optimizer.name": "sgd"])
      #expect(details.artifacts.map(\.sha256) == ["new"])
      #expect(details.artifacts[0].url.lastPathComponent == "best.safetensors")
      #expect(details.metricNames == ["train_accuracy", "train_loss"])

      let history = try again.history(of: "train_loss", in: folder.id)
      #expect(history.map(\.step) == [1, 2, 3] && history.map(\.epoch) == [0, 0, 1])
      #expect(history[0].value == 0.5 && history[1].value.isNaN && history[2].value == .infinity)
    }
  }

  @Test func metricsArriveWhileTheRunGoesOn() throws {
    try withFolder { outputs in
      let database = try ExperimentDatabase(outputs.appendingPathComponent("experiments.sqlite"))
      let folder = try RunFolder.create(under: outputs, experiment: "xor")
      let tracker = DatabaseTracker(database)
      try tracker.runStarts(sampleRun(id: folder.id), in: folder)
      try tracker.log([("train_loss", 0.5)], step: 1, epoch: 0)
      let deadline = ContinuousClock.now + .seconds(20)
      while try database.history(of: "train_loss", in: folder.id).isEmpty, ContinuousClock.now < deadline {
        usleep(20_000)
      }
      #expect(try database.history(of: "train_loss", in: folder.id).count == 1)
    }
  }

  /// A lock as another program would hold it, until it is released.
  private func hold(_ url: URL) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let queue = try DatabaseQueue(path: url.path, configuration: configuration)
    try queue.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
    return queue
  }

  private func release(_ queue: DatabaseQueue) throws {
    try queue.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    try queue.close()
  }

  /// What was logged while another program held the database is entered when it is free.
  @Test func aRunDoesNotWaitForAnotherProgram() throws {
    try withFolder { outputs in
      let url = outputs.appendingPathComponent("experiments.sqlite")
      try ExperimentDatabase(url).close()
      let holder = try hold(url)
      let folder = try RunFolder.create(under: outputs, experiment: "xor")
      let tracker = DatabaseTracker(at: url) { _ in }
      let start = try ContinuousClock().measure {
        try tracker.runStarts(sampleRun(id: folder.id), in: folder)
      }
      #expect(start < .seconds(10))
      let logging = try ContinuousClock().measure {
        for step in 1...100 { try tracker.log([("train_loss", 0.5)], step: step, epoch: 1) }
      }
      #expect(logging < .milliseconds(500))
      try release(holder)
      try tracker.runEnds(sampleOutcome())
      let database = try ExperimentDatabase(url)
      #expect(try database.run(folder.id).record.status == .finished)
      #expect(try database.history(of: "train_loss", in: folder.id).count == 100)
    }
  }

  /// What could not be entered at the end waits beside the database, once.
  @Test(arguments: [true, false])
  func whatCannotBeEnteredWaits(hasBegun: Bool) throws {
    try withFolder { outputs in
      let url = outputs.appendingPathComponent("experiments.sqlite")
      try ExperimentDatabase(url).close()
      let folder = try RunFolder.create(under: outputs, experiment: "xor")
      let tracker = DatabaseTracker(at: url) { _ in }
      if hasBegun { try tracker.runStarts(sampleRun(id: folder.id, tags: ["t"]), in: folder) }
      let holder = try hold(url)
      if !hasBegun { try tracker.runStarts(sampleRun(id: folder.id, tags: ["t"]), in: folder) }
      try tracker.log([("train_loss", 0.5), ("val_loss", .nan)], step: 1, epoch: 1)
      try tracker.artifact(Artifact(url: folder.lastCheckpoint, kind: "checkpoint", sha256: "s"))
      let error = try labError { try tracker.runEnds(sampleOutcome()) }
      #expect(error.cause.contains("is in use by another program"))
      #expect(error.remedy.contains("waits in unrecorded-\(folder.id).sqlite"))
      try release(holder)

      for _ in 1...2 {
        let database = try ExperimentDatabase(url)
        let details = try database.run(folder.id)
        #expect(details.record.status == .finished && details.record.tags == ["t"])
        #expect(details.record.summary["all_accuracy"] == 0.75 && details.artifacts.map(\.sha256) == ["s"])
        #expect(details.record.folder.standardizedFileURL.path == folder.url.standardizedFileURL.path)
        #expect(try database.history(of: "train_loss", in: folder.id).map(\.value) == [0.5])
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: outputs.path)
      #expect(!names.contains { $0.contains("unrecorded") })
    }
  }

  /// Many that wait are not waited for one by one.
  @Test func whatWaitsDoesNotHoldUpTheNextOne() throws {
    try withFolder { outputs in
      let url = outputs.appendingPathComponent("experiments.sqlite")
      try ExperimentDatabase(url).close()
      for _ in 1...8 {
        let folder = try RunFolder.create(under: outputs, experiment: "xor")
        _ = try ExperimentDatabase.keepWaiting(
          sampleRun(id: folder.id), sampleOutcome(), [], in: folder, beside: url)
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: outputs.path)
      #expect(names.count { $0.hasPrefix("unrecorded-") } == 8)
      let holder = try hold(url)
      let opening = try ContinuousClock().measure { try ExperimentDatabase(url, patience: 1).close() }
      #expect(opening < .seconds(6))
      try release(holder)
      #expect(try ExperimentDatabase(url).runs().count == 8)
    }
  }

  /// The pages of a table are damaged while a run goes on: it goes on in a new database.
  @Test func damageThatIsFoundLateIsSetAside() throws {
    try withFolder { outputs in
      let url = outputs.appendingPathComponent("experiments.sqlite")
      let folder = try RunFolder.create(under: outputs, experiment: "xor")
      let first = try ExperimentDatabase(url)
      for index in 0..<300 { try record(sampleRun(id: "o\(10_000 + index)"), sampleOutcome(), in: first) }
      try first.close()
      var bytes = try Data(contentsOf: url)
      for index in 4096..<bytes.count { bytes[index] = 0xA5 }  // the first page says that all is well
      try bytes.write(to: url)

      let said = Mutex<[String]>([])
      let tracker = DatabaseTracker(at: url) { words in said.withLock { $0.append(words) } }
      try tracker.runStarts(sampleRun(id: folder.id), in: folder)
      try tracker.log([("train_loss", 0.5)], step: 1, epoch: 1)
      try tracker.runEnds(sampleOutcome())
      #expect(said.withLock { $0.count { $0.contains("was damaged") } } == 1)
      let database = try ExperimentDatabase(url)
      #expect(try database.runs().map(\.id) == [folder.id])
      #expect(try database.history(of: "train_loss", in: folder.id).count == 1)
      let names = try FileManager.default.contentsOfDirectory(atPath: outputs.path)
      #expect(names.count { $0.hasPrefix("experiments.damaged-") && $0.hasSuffix(".sqlite") } == 1)
    }
  }

  /// A training process has 0.15 s in all; the bound is loose, for other tests run at the same time.
  @Test func aSmallRunIsRecordedInMilliseconds() throws {
    try withFolder { outputs in
      let folder = try RunFolder.create(under: outputs, experiment: "xor")
      let seconds = try ContinuousClock().measure {
        let database = try ExperimentDatabase(outputs.appendingPathComponent("experiments.sqlite"))
        let tracker = DatabaseTracker(database)
        try tracker.runStarts(sampleRun(id: folder.id), in: folder)
        for epoch in 0..<100 {
          try tracker.log(
            [("train_loss", 1 / Double(epoch + 1)), ("train_accuracy", 0.5), ("val_accuracy", 0.5)],
            step: epoch,
            epoch: epoch)
        }
        try tracker.runEnds(sampleOutcome())
        try database.close()
      }
      print("one run of 100 epochs and 3 metrics: \(seconds)")
      #expect(seconds < .milliseconds(500))
    }
  }
}
