import Engine
import Foundation
import TestSupport
import Testing
import Tracking
import Utils

@testable import Runner

@Suite(.serialized) struct ResumptionTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  /// A run as a killed process leaves it: with a checkpoint, without a result.
  @discardableResult
  private func unfinished(_ experiment: String, at name: String, epochs: String = "2") throws -> RunFolder {
    let run = try bench.train("--experiment", experiment, "--epochs", epochs)
    try FileManager.default.removeItem(at: run.results)
    let place = run.url.deletingLastPathComponent().appending(path: name, directoryHint: .isDirectory)
    try FileManager.default.moveItem(at: run.url, to: place)
    return try #require(RunFolder(at: place))
  }

  private func auto(_ experiment: String? = nil) throws -> String? {
    try Resumption("auto", experiment: experiment.map(tinyCatalog.experiment), outputs: bench.outputs).folder?
      .id
  }

  @Test func autoTakesTheNewestUnfinishedRunOfTheExperiment() throws {
    try unfinished("xor", at: "20200101-000000-aaaaaa")
    try unfinished("xor", at: "20200103-000000-bbbbbb")
    try unfinished("blobs", at: "20200104-000000-cccccc")
    try bench.train("--experiment", "xor")
    let bare = try unfinished("xor", at: "20200105-000000-dddddd")
    try FileManager.default.removeItem(at: bare.lastCheckpoint)
    #expect(try auto("exclusive_or") == "bbbbbb")
    #expect(try auto() == "cccccc")
  }

  @Test func aRunThatWasStoppedOrFailedIsUnfinishedToo() throws {
    let run = try unfinished("xor", at: "20200101-000000-aaaaaa")
    for (status, isTaken) in [("stopped", true), ("failed", true), ("finished", false)] {
      try Data(#"{"status":"\#(status)"}"#.utf8).write(to: run.results)
      #expect((try? auto()) == (isTaken ? "aaaaaa" : nil), "\(status)")
    }
    try Data("{".utf8).write(to: run.results)
    #expect(try auto() == "aaaaaa", "a result that is cut off is none")
  }

  @Test func aRunThatIsStillTrainedIsLeftAlone() throws {
    let run = try unfinished("xor", at: "20200101-000000-aaaaaa")
    let lock = try FolderLock.training(run)
    #expect((try? auto()) == nil)
    expectLabError(mentioning: "run aaaaaa is being trained by process", exitCode: 2) {
      _ = try Resumption("aaaaaa", experiment: nil, outputs: bench.outputs)
    }
    withExtendedLifetime(lock) {}
  }

  @Test func theCommandThatGoesOnCarriesWhatTheCheckpointDoesNotKnow() throws {
    let options = try TrainOptions.parse([
      "--experiment", "xor", "--threads", "1", "--tensorboard", "--checkpoint-every", "5steps", "--tags", "a",
      "--epochs", "3",
      "--output-dir", "runs",
    ])
    #expect(
      options.carriedFlags == [
        "--output-dir", "runs", "--threads", "1", "--checkpoint-every", "5steps", "--tags", "a",
        "--tensorboard",
      ])
    #expect(try TrainOptions.parse(["--experiment", "xor"]).carriedFlags == [])
  }

  @Test func autoDoesNotTakeARunTwice() throws {
    let old = try unfinished("xor", at: "20200101-000000-aaaaaa")
    let new = try bench.train("--resume", "auto", "--epochs", "3")
    #expect(new.id != old.id && new.url.deletingLastPathComponent().lastPathComponent == "xor")
    #expect(try text(old.url.appending(path: "resumed-as.txt")).contains(new.id))
    expectLabError(
      mentioning: "--resume auto: no unfinished run of xor with a checkpoint lies in \(bench.outputs.path)",
      "start a new run without --resume", exitCode: 2
    ) { try auto("xor") }
  }

  @Test func aNamedCheckpointIsTakenUpWhereItEnded() throws {
    let run = try bench.train("--experiment", "blobs", "--epochs", "3")
    for reference in [run.id, run.url.path, run.lastCheckpoint.path] {
      let resumption = try Resumption(reference, experiment: nil, outputs: bench.outputs)
      #expect(resumption.past == TrainingPosition(epochs: 3, steps: 15), "\(reference)")
    }
  }

  @Test(
    "from every state on the way a run ends in the same bytes",
    arguments: [
      ["--experiment", "blobs"], ["--experiment", "blobs", "accumulate=3", "ema=0.9"],
      ["--experiment", "pictures", "shift=1", "optimizer=adam"],
      ["--experiment", "xor", "--epochs", "3", "--batch-size", "7"],
    ])
  func everyStateOnTheWayIsWhole(_ words: [String]) throws {
    let every = words + ["--checkpoint-every", "1steps", "--keep-checkpoints", "1000"]
    let whole = try bench.train(every)
    let (last, best) = (
      try Data(contentsOf: whole.lastCheckpoint), try Data(contentsOf: whole.bestCheckpoint)
    )
    let states = try files(in: whole.models).filter { $0.hasPrefix("step-") }
    #expect(states.count > 3)
    for state in states {
      let rest = try bench.train("--resume", whole.models.appending(path: state).path)
      #expect(try Data(contentsOf: rest.lastCheckpoint) == last, "\(state)")
      #expect(try Data(contentsOf: rest.bestCheckpoint) == best, "\(state)")
    }
  }

  @Test func theExperimentMustBeItsOwn() throws {
    let run = try bench.train("--experiment", "blobs")
    expectLabError(
      mentioning: "last.safetensors belongs to three-blobs, not to xor", "leave --experiment out", exitCode: 2
    ) { try bench.train("--resume", run.id, "--experiment", "xor") }
    expectLabError(mentioning: "--resume and --load-checkpoint exclude each other", exitCode: 2) {
      try bench.train("--resume", run.id, "--load-checkpoint", run.id)
    }
  }

  @Test func aCheckpointWithoutAPositionIsForItsWeightsOnly() throws {
    let foreign = bench.root.appending(path: "foreign.safetensors")
    let network = try bench.plan("xor").network()
    for lab: [String: JSONValue] in [
      [:], ["position": ["epoch": 3]], ["position": ["epoch": -1, "step": 0]],
      ["position": ["epoch": 3, "step": .integer(.max)]],
    ] {
      try Checkpoint(of: network, lab: lab).write(to: foreign)
      expectLabError(
        mentioning: "foreign.safetensors does not say how far its training came", "--load-checkpoint",
        exitCode: 1
      ) { try bench.train("--resume", foreign.path) }
    }
    try Checkpoint(of: network, lab: ["position": ["epoch": 1, "step": 1]]).write(to: foreign)
    expectLabError(mentioning: "does not say which experiment it belongs to") {
      try bench.train("--resume", foreign.path)
    }
    try bench.train("--experiment", "xor", "--load-checkpoint", foreign.path)
  }
}
