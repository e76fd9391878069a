import Foundation
import Testing
import Utils

@testable import Tracking

/// A file tracker with a started run.
private func withTracker(_ body: (FileTracker, RunFolder) throws -> Void) throws {
  try withFolder { outputs in
    let folder = try RunFolder.create(under: outputs, experiment: "xor")
    let tracker = FileTracker()
    try tracker.runStarts(sampleRun(id: "abc123"), in: folder)
    try body(tracker, folder)
  }
}

@Suite struct FileTrackerTests {
  @Test func theStartIsWritten() throws {
    try withTracker { _, folder throws in
      #expect(try text(folder.command) == "train --experiment xor\n")
      #expect(try text(folder.config) == sampleRun().yaml())
    }
  }

  @Test func metricsAreWrittenInOrder() throws {
    try withTracker { tracker, folder in
      try tracker.log([("train_loss", 0.5), ("train_accuracy", 1)], step: 1, epoch: 0)
      try tracker.log([("train_loss", .nan), ("val \"x\", y", -.infinity)], step: 2, epoch: 1)
      try tracker.runEnds(sampleOutcome())
      #expect(
        try text(folder.metricsLines) == #"""
          {"step":1,"epoch":0,"train_loss":0.5,"train_accuracy":1.0}
          {"step":2,"epoch":1,"train_loss":null,"val \"x\", y":null}

          """#)
      #expect(
        try text(folder.metricsTable) == #"""
          step,epoch,train_loss,train_accuracy,"val ""x"", y"
          1,0,0.5,1.0,
          2,1,nan,,-inf

          """#)
    }
  }

  @Test func aLateMetricWidensTheTable() throws {
    try withFolder { folder in
      var table = MetricTable(url: folder.appendingPathComponent("metrics.csv"))
      try table.write([MetricRow(step: 1, epoch: 0, metrics: [("a\nb", 1)])])
      try table.write([MetricRow(step: 2, epoch: 0, metrics: [("a\nb", 2)])])
      try table.write([MetricRow(step: 3, epoch: 0, metrics: [("c", 3), ("a\nb", 4), ("d", 5)])])
      try table.write([])
      #expect(try text(table.url) == "step,epoch,\"a\nb\",c,d\n1,0,1.0,,\n2,0,2.0,,\n3,0,4.0,3.0,5.0\n")
    }
  }

  @Test func linesArriveWhileTheRunGoesOn() throws {
    try withTracker { tracker, folder in
      try tracker.log([("train_loss", 0.5)], step: 1, epoch: 0)
      let deadline = ContinuousClock.now + .seconds(20)
      while !FileManager.default.fileExists(atPath: folder.metricsTable.path), ContinuousClock.now < deadline
      {
        usleep(20_000)
      }
      #expect(try text(folder.metricsLines) == "{\"step\":1,\"epoch\":0,\"train_loss\":0.5}\n")
      try tracker.runEnds(sampleOutcome())
      #expect(try text(folder.metricsLines) == "{\"step\":1,\"epoch\":0,\"train_loss\":0.5}\n")
    }
  }

  @Test func resultsHaveTheCoreAndTheirProvenance() throws {
    try withTracker { tracker, folder in
      tracker.artifact(Artifact(url: folder.bestCheckpoint, kind: "checkpoint", sha256: "feed"))
      try tracker.runEnds(sampleOutcome())
      let results = try JSONValue(parsing: try text(folder.results))
      #expect(results["experiment"] == "xor" && results["split"] == "all" && results["count"] == 4)
      #expect(results["metrics"] == ["accuracy": 0.75] && results["band"] == "all accuracy <= 0.75")
      #expect(results["published"] == JSONValue.null)
      #expect(results["command"] == "train --experiment xor" && results["status"] == "finished")
      #expect(results["git"] == ["commit": "2f1a", "branch": "main", "dirty": true])
      #expect(results["machine"]?["host"] == "h" && results["machine"]?["libraries"] == ["oneDNN": "2.6.0"])
      #expect(
        results["started"] == "2026-11-21T06:21:33.250Z" && results["ended"] == "2026-11-21T06:21:35.250Z")
      #expect(results["checkpoint_sha256"] == "feed" && results["seed"] == 42)
      #expect(
        results["artifacts"] == [["path": "models/best.safetensors", "kind": "checkpoint", "sha256": "feed"]])
    }
  }

  @Test func aFailedRunHasResultsToo() throws {
    try withTracker { tracker, folder in
      try tracker.runEnds(RunOutcome(status: .failed, exitCode: 1, reason: "the loss is NaN", seconds: 1))
      let results = try JSONValue(parsing: try text(folder.results))
      #expect(results["experiment"] == "xor" && results["status"] == "failed" && results["exit_code"] == 1)
      #expect(results["reason"] == "the loss is NaN" && results["metrics"] == nil)
    }
  }

  /// /dev/full takes nothing, like a full disk.
  @Test func aFullDiskIsSaid() throws {
    let error = try labError { try append([1], to: URL(filePath: "/dev/full")) }
    #expect(error.cause == "/dev/full cannot be written: no space left on device")
  }

  @Test func whatCannotBeWrittenIsSaidAndTheRestIsStillWritten() throws {
    try withTracker { tracker, folder in
      mkdir(folder.metricsLines.path, 0o777)
      try tracker.log([("train_loss", 0.5)], step: 1, epoch: 0)
      let error = try labError { try tracker.runEnds(sampleOutcome()) }
      #expect(error.cause.contains("metrics.jsonl cannot be written: is a directory"))
      #expect(try text(folder.metricsTable) == "step,epoch,train_loss\n1,0,0.5\n")
      #expect(FileManager.default.fileExists(atPath: folder.results.path))

      rmdir(folder.metricsLines.path)
      try tracker.runEnds(sampleOutcome())
      #expect(try text(folder.metricsLines) == "{\"step\":1,\"epoch\":0,\"train_loss\":0.5}\n")
    }
  }

  @Test func aVanishedFolderIsSaid() throws {
    try withTracker { tracker, folder in
      try FileManager.default.removeItem(at: folder.url)
      let error = try labError { try tracker.runStarts(sampleRun(), in: folder) }
      #expect(error.cause.contains("config.yaml cannot be written: no such file"))
    }
  }

  /// A step of the perceptron takes microseconds, so recording one must take less; the bound is loose for busy machines.
  @Test func loggingIsCheap() throws {
    try withTracker { tracker, _ in
      let count = 20_000
      let time = try ContinuousClock().measure {
        for step in 0..<count {
          try tracker.log([("train_loss", 0.5), ("train_accuracy", 0.5)], step: step, epoch: 0)
        }
      }
      print("logging two metrics: \(time / count)")
      #expect(time / count < .microseconds(20))
    }
  }
}
