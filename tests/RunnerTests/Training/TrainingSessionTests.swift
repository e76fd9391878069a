import Engine
import Foundation
import TestSupport
import Testing
import Tracking
import Utils

@testable import Runner

@Suite(.serialized) struct TrainingSessionTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  private func bytes(_ run: RunFolder) throws -> [Data] {
    try [run.lastCheckpoint, run.bestCheckpoint].map { try Data(contentsOf: $0) }
  }

  @Test func aRunLeavesItsWholeRecord() throws {
    let run = try bench.train(
      "--experiment", "three_blobs", "--tags", "a,b", "--visualize", "seed=7", "gentle=true")
    #expect(
      try files(in: run.url) == [
        "command.txt", "config.yaml", "log.txt", "metrics.csv", "metrics.jsonl", "models", "report.html",
        "results.json", "visualizations", "wandb",
      ])
    let config = try text(run.config)
    for line in ["experiment: three-blobs", "seed: 7", "gentle: true", "tags: [a, b]", "inputs: 2"] {
      #expect(config.contains(line), "\(line)")
    }
    let results = try json(run.results)
    #expect(results["status"] == "finished" && results["exit_code"] == 0 && results["within_band"] == true)
    #expect(results["split"] == "test" && results["count"] == 24 && results["band"] == "test accuracy >= 0.9")
    #expect(results["checkpoint_sha256"]?.string == (try SHA256.hex(ofFileAt: run.lastCheckpoint)))
    let rows = try text(run.metricsTable).split(separator: "\n")
    #expect(rows.count == 5)
    for name in ["train_loss", "train_accuracy", "val_loss", "val_accuracy", "val_opposite_accuracy"] {
      #expect(rows[0].contains(name), "\(name)")
    }
    #expect(try text(run.report).contains("swift run evaluate --checkpoint \(run.id)"))
    #expect(FileManager.default.fileExists(atPath: bench.workspace.database.path))
  }

  @Test func theSameSeedGivesTheSameBytes() throws {
    let first = try bytes(bench.train("--experiment", "blobs"))
    for threads in ["0", "1", "4"] {
      let elsewhere = bench.root.appending(path: "elsewhere-\(threads)").path
      let run = try bench.train(
        "--experiment", "debug-blobs", "--prefetch-threads", threads, "--output-dir", elsewhere)
      #expect(try bytes(run) == first, "\(threads) threads")
    }
    let other = try bytes(bench.train("--experiment", "blobs", "--seed", "43"))
    #expect(other[0] != first[0] && other[1] != first[1])
  }

  @Test(arguments: ["blobs", "xor", "pictures"])
  func aRunThatIsResumedEndsInTheSameBytes(experiment: String) throws {
    let whole = try bytes(bench.train("--experiment", experiment, "--epochs", "9"))
    let part = try bench.train("--experiment", experiment, "--epochs", "4")
    let resumed = try bench.train("--resume", part.id, "--epochs", "9")
    #expect(try bytes(resumed) == whole)
    let parent = try json(resumed.results)["parent"]?.string
    #expect(parent == (try SHA256.hex(ofFileAt: part.lastCheckpoint)))
    try FileManager.default.removeItem(at: resumed.results)
    let again = try bench.train("--resume", resumed.id)
    #expect(try bytes(again) == whole, "killed before its result was written: no epoch was left to run")
  }

  @Test func patienceIsKeptAcrossAResumption() throws {
    let words = ["--experiment", "xor", "patience=3"]
    let whole = try bench.train(words[0], words[1], words[2], "--epochs", "20")
    let epochs = try Checkpoint(contentsOf: whole.lastCheckpoint).lab["position"]?["epoch"]?.int ?? 0
    #expect(epochs < 20, "the metric gets no better")
    let part = try bench.train(words[0], words[1], words[2], "--epochs", "\(epochs - 1)")
    #expect(try bytes(bench.train("--resume", part.id, "--epochs", "20")) == bytes(whole))
  }

  @Test func aTargetEndsTheTraining() throws {
    let run = try bench.train("--experiment", "blobs", "--epochs", "50", "target=0.9")
    let rows = try text(run.metricsTable).split(separator: "\n").dropFirst()
    #expect((1..<50).contains(rows.count))
    // Not from the log: other tests of this process tell their story there too.
    let reason = try json(run.results)["reason"]?.string
    #expect(reason == "val_accuracy reached the target of 0.9")
    #expect(try json(run.results)["status"] == "finished")
  }

  @Test func weightsOfAnotherRunAreAStart() throws {
    let first = try bench.train("--experiment", "xor", "--epochs", "2")
    let second = try bench.train("--experiment", "xor", "--epochs", "1", "--load-checkpoint", first.id)
    let checkpoint = try Checkpoint(contentsOf: second.lastCheckpoint)
    #expect(checkpoint.lab["position"]?["epoch"]?.int == 1, "a new run, not a resumed one")
    #expect(checkpoint.contents["optimizer.nudges"] == .integer(1))
    let whole = try bench.train("--experiment", "xor", "--epochs", "3")
    #expect(
      try checkpoint.contents["linear.weight"]
        == Checkpoint(contentsOf: whole.lastCheckpoint).contents["linear.weight"])
  }

  @Test func aCheckpointOfAnotherNetworkIsRefusedBeforeAnythingIsMade() throws {
    let blobs = try bench.train("--experiment", "blobs")
    expectLabError(
      mentioning: "best.safetensors does not fit this network", "linear.weight [3, 2] instead of [1, 2]",
      "linear.bias [3] instead of [1]", exitCode: 1
    ) { try bench.train("--experiment", "xor", "--load-checkpoint", blobs.id) }
    #expect(try files(in: bench.outputs) == ["latest", "three-blobs"])
  }

  @Test func whatFailsBeforeTrainingLeavesNoRun() throws {
    expectLabError(mentioning: "the data set nothing is not here; fetch it", exitCode: 1) {
      try bench.train("--experiment", "failing")
    }
    expectLabError(
      mentioning: "no experiment was named", "three-blobs, two-rates, xor, pictures", exitCode: 2
    ) {
      try bench.train()
    }
    expectLabError(mentioning: "pictures learns by gradient descent", "leave --explain out", exitCode: 2) {
      try bench.train("--experiment", "pictures", "--explain")
    }
    for count in ["0", "1001", "two"] {
      expectLabError(mentioning: "--explain \(count) is no number of updates", exitCode: 2) {
        try bench.train("--experiment", "xor", "--explain", count)
      }
    }
    #expect(try files(in: bench.root).isEmpty)
  }

  @Test func anOutputFolderThatCannotBeMadeIsNamed() throws {
    let file = bench.root.appending(path: "file")
    try Data().write(to: file)
    for folder in [file.path, file.path + "/below", "/proc/nothing"] {
      expectLabError(
        mentioning: "\(folder)", "cannot be made", "choose another folder with --output-dir", exitCode: 1
      ) { try bench.train("--experiment", "xor", "--output-dir", folder) }
    }
  }

  @Test func theFirstUpdatesAreTold() throws {
    let run = try bench.train("--experiment", "xor", "--explain", "2")
    let log = try text(run.log)
    #expect(log.contains("nudge 1") && log.contains("nudge 2") && !log.contains("nudge 3"))
  }

  @Test func withoutACheckpointTheRestOfTheRecordIsThere() throws {
    let run = try bench.train("--experiment", "xor", "--no-save-checkpoint")
    #expect(try files(in: run.models).isEmpty)
    #expect(try json(run.results)["checkpoint_sha256"] == .null)
    #expect(!(try text(run.report).contains("evaluate --checkpoint")))
  }

  @Test func aDatabaseThatCannotBeOpenedDoesNotStopARun() throws {
    try Data().write(to: bench.root.appending(path: "outputs"))
    let run = try bench.train("--experiment", "xor")
    #expect(try json(run.results)["status"] == "finished")
    #expect(try text(run.log).contains("The database record of this run may be incomplete"))
  }
}
