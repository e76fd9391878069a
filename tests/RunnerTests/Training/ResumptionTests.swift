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
    try resumption("auto", of: experiment).folder?.id
  }

  private func resumption(_ reference: String, of experiment: String? = nil) throws -> Resumption {
    try Resumption(
      reference, experiment: experiment.map(tinyCatalog.experiment),
      finder: CheckpointFinder(outputs: bench.outputs))
  }

  @Test func autoTakesTheNewestUnfinishedRunOfTheExperiment() throws {
    try unfinished("xor", at: "20200101-000000-aaaaaa")
    try unfinished("xor", at: "20200103-000000-bbbbbb")
    try unfinished("blobs", at: "20200104-000000-cccccc")
    try bench.train("--experiment", "xor")
    let bare = try unfinished("xor", at: "20200105-000000-dddddd")
    try FileManager.default.removeItem(at: bare.models)
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
      _ = try resumption("aaaaaa")
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

  /// Else a run that is killed again and again before its state is written would never come further.
  @Test func whatTheStoppedRunWasToldHoldsForTheOneThatGoesOn() throws {
    let stopped = try bench.train("--experiment", "blobs", "--stop-after-step", "7")
    try
      "swift run train --experiment blobs --tags 'a b' --checkpoint-every 2steps --keep-checkpoints 50 --tensorboard\n"
      .write(to: stopped.command, atomically: true, encoding: .utf8)
    let rest = try bench.train("--resume", "auto", "--keep-checkpoints", "2")
    #expect(
      try files(in: rest.models) == [
        "best.safetensors", "last.safetensors", "step-000018.safetensors", "step-000020.safetensors",
      ])
    #expect(FileManager.default.fileExists(atPath: rest.tensorboard.path))
    #expect(try text(rest.command).hasSuffix(" --checkpoint-every 2steps --tensorboard --tags 'a b'\n"))
    var options = try TrainOptions.parse(["--resume", "auto", "--checkpoint-every", "9epochs", "--tags", "c"])
    #expect(
      options.inherit(try #require(TrainOptions(ofRunIn: stopped))) == [
        "--keep-checkpoints", "50", "--tensorboard",
      ])
    #expect(options.checkpointEvery == "9epochs" && options.tags == ["c"], "what is said now wins")
  }

  @Test(
    "the curves of a run that went on are whole",
    arguments: [["--stop-after-step", "50"], ["--epochs", "2"]])
  func theCurvesAreWhole(_ ending: [String]) throws {
    let words = ["--experiment", "three-blobs", "batch_size=2"]
    let whole = try bench.train(words + ["--epochs", "4"])
    let part = try bench.train(words + ending)
    let rest = try bench.train("--resume", part.id, "--epochs", "4", "--tensorboard")
    #expect(try untimed(rest.metricsTable) == untimed(whole.metricsTable))
    #expect(try untimed(rest.metricsTable).count > 80)
    #expect(
      try text(rest.metricsLines).split(separator: "\n").count
        == text(whole.metricsLines).split(separator: "\n").count)
    let database = try ExperimentDatabase(bench.workspace.database)
    for metric in ["train_loss", "step_loss"] {
      let points = try database.history(of: metric, in: rest.id)
      #expect(try points == database.history(of: metric, in: whole.id) && points.count >= 4)
    }
  }

  /// The rows of a table without the column of times.
  private func untimed(_ table: URL) throws -> [[String]] {
    let rows = try text(table).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let times = try #require(rows[0].firstIndex(of: "epoch_seconds"))
    return rows.map { row in row.indices.filter { $0 != times }.map { row[$0] } }
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

  @Test func aFinishedRunIsNotRunAgainWithoutAnEpoch() throws {
    let run = try bench.train("--experiment", "xor", "--epochs", "3")
    for reference in [run.id, run.lastCheckpoint.path] {
      expectLabError(
        mentioning: "run \(run.id) has been trained for 3 epochs and is asked for 3", "--epochs 6",
        exitCode: 2
      ) { try bench.train("--resume", reference) }
    }
    #expect(RunFolder.all(under: bench.outputs).count == 1, "no empty run was made")
    try bench.train("--resume", run.id, "--epochs", "4")

    let early = try bench.train(
      "--experiment", "blobs", "--epochs", "30", "patience=1", "learning_rate=0.0001")
    expectLabError(mentioning: "run \(early.id) has finished: ", "change the setting", exitCode: 2) {
      try bench.train("--resume", early.id)
    }
    try bench.train("--resume", early.id, "patience=none")
  }

  @Test func aRunThatWasKilledAfterItsLastEpochIsBroughtToItsEnd() throws {
    let run = try unfinished("xor", at: "20200101-000000-aaaaaa")
    let rest = try bench.train("--resume", "auto")
    #expect(try json(rest.results)["status"] == "finished")
    #expect(try Data(contentsOf: rest.lastCheckpoint) == Data(contentsOf: run.lastCheckpoint))
  }

  @Test func nobodyElseGoesOnWithARunMeanwhile() throws {
    try unfinished("xor", at: "20200101-000000-aaaaaa")
    let first = try resumption("aaaaaa")
    expectLabError(mentioning: "run aaaaaa is being trained by process") { _ = try resumption("aaaaaa") }
    #expect((try? auto()) == nil)
    withExtendedLifetime(first) {}
  }

  @Test func aNamedCheckpointIsTakenUpWhereItEnded() throws {
    let run = try bench.train("--experiment", "blobs", "--epochs", "3")
    for reference in [run.id, run.url.path, run.lastCheckpoint.path] {
      let resumption = try self.resumption(reference)
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
    let states = try files(in: whole.models).filter { name in
      try name.hasPrefix("step-") && Data(contentsOf: whole.models.appending(path: name)) != last
    }
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
