import Engine
import Foundation
import TestSupport
import Testing
import Tracking
import Utils

@testable import Runner

@Suite(.serialized) struct ReproductionTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  private func details(_ run: RunFolder) throws -> (RunDetails, ExperimentDatabase) {
    let database = try ExperimentDatabase(bench.workspace.database, create: false)
    return (try database.run(run.id), database)
  }

  /// Trains as the reproduction of `run` says, with `words` besides, and sets the two side by side.
  private func again(_ run: RunFolder, _ words: String...) throws -> Reproduction.Comparison {
    let (old, database) = try details(run)
    let reproduction = try Reproduction(of: old, in: database)
    var new: RunFolder?
    for stretch in reproduction.stretches {
      new = try bench.train(stretch.arguments(experiment: old.record.experiment, after: new?.id) + words)
    }
    return try reproduction.comparison(with: details(#require(new)).0)
  }

  private func reproduction(of run: RunFolder) throws -> Reproduction {
    let (old, database) = try details(run)
    return try Reproduction(of: old, in: database)
  }

  @Test func aRunWithItsOwnSettingsHasTheSameBytes() throws {
    let run = try bench.train("--experiment", "blobs", "--epochs", "2", "--seed", "7", "momentum=0.5")
    let comparison = try again(run)
    #expect(comparison.isSame && comparison.facts.isEmpty)
    #expect(Set(comparison.rows.map { $0[2] }).count == 1)
  }

  @Test func whatIsAnotherIsNamed() throws {
    let run = try bench.train("--experiment", "blobs", "--epochs", "2")
    let comparison = try again(run, "learning_rate=0.05")
    #expect(!comparison.isSame)
    #expect(comparison.facts.map(\.[0]) == ["settings.learning_rate"])
    #expect(comparison.tensors.contains { $0[0].hasSuffix("weight") && $0[1].hasPrefix("by ") })
  }

  @Test func whatWentOnWithTheSameWordsIsOneTraining() throws {
    let first = try bench.train("--experiment", "blobs", "--stop-after-step", "7")
    let rest = try bench.train("--resume", first.id)
    let reproduction = try reproduction(of: rest)
    #expect(reproduction.stretches.count == 1 && reproduction.stretches[0].end == nil)
    #expect(reproduction.notices.first?.contains("run \(rest.id) went on with \(first.id)") == true)
    #expect(try again(rest).isSame)
  }

  @Test func aPartWithOtherSettingsIsTrainedAsItWas() throws {
    let first = try bench.train("--experiment", "blobs", "--epochs", "2", "schedule=cosine")
    let second = try bench.train("--resume", first.id, "--epochs", "3", "learning_rate=0.01")
    let rest = try bench.train("--resume", second.id, "--epochs", "4", "learning_rate=0.2")
    let reproduction = try reproduction(of: rest)
    #expect(reproduction.stretches.map(\.run) == [first.id, second.id, rest.id])
    #expect(reproduction.stretches.map(\.end) == [10, 15, nil])
    let comparison = try again(rest)
    #expect(comparison.isSame, "\(comparison.facts) \(comparison.tensors)")
  }

  /// After SIGKILL nobody has entered the checkpoint with which the next run goes on.
  @Test func theRunBeforeIsKnownThoughItsCheckpointIsInNoRecord() throws {
    let killed = try bench.train(
      "--experiment", "blobs", "--checkpoint-every", "3steps", "--keep-checkpoints", "9")
    for url in [killed.results, killed.lastCheckpoint] { try FileManager.default.removeItem(at: url) }
    for name in ["step-000020", "step-000018"] {
      try? FileManager.default.removeItem(at: killed.models.appending(path: "\(name).safetensors"))
    }
    let rest = try bench.train("--resume", "auto")
    let (record, database) = try details(rest)
    #expect(record.parameters["resumed.run"] == killed.id && record.parameters["resumed.step"] == "15")
    #expect(try database.runs(thatMade: #require(record.record.parent)).isEmpty)
    #expect(try again(rest).isSame)
  }

  @Test func aRunThatWasEndedOnTheWayIsTrainedUpToThere() throws {
    let run = try bench.train("--experiment", "blobs", "--stop-after-step", "7")
    let reproduction = try reproduction(of: run)
    #expect(reproduction.stretches.map(\.end) == [7])
    let notice = try #require(reproduction.notices.first)
    #expect(
      notice.contains("ended on the way (stopped: step 7 is as far")
        && notice.contains("after 1 epochs and 2 batches"),
      "\(notice)")
    #expect(try again(run).isSame)
    try FileManager.default.removeItem(at: run.models)
    expectLabError(
      mentioning: "was ended on the way (stopped) and has kept no whole checkpoint", exitCode: 2
    ) {
      try again(run)
    }
  }

  @Test func theRunBeforeMustBeInTheRecord() throws {
    let first = try bench.train("--experiment", "blobs", "--stop-after-step", "7")
    let copy = bench.root.appending(path: "copy.safetensors")
    var checkpoint = try Checkpoint(contentsOf: first.lastCheckpoint)
    checkpoint.lab = .object((checkpoint.lab.object ?? [:]).merging(["note": "another file"]) { $1 })
    try checkpoint.write(to: copy)
    let rest = try bench.train("--resume", copy.path)
    expectLabError(
      mentioning: "went on with a checkpoint that no run in the record has made", exitCode: 2
    ) {
      try again(rest)
    }
  }

  @Test func aRunThatBeganWithWeightsNeedsThem() throws {
    let first = try bench.train("--experiment", "blobs", "--epochs", "2")
    let second = try bench.train("--experiment", "blobs", "--epochs", "1", "--load-checkpoint", first.id)
    #expect(try again(second).isSame)
    try FileManager.default.removeItem(at: first.models)
    expectLabError(mentioning: "began with weights that are no longer there", exitCode: 2) {
      try again(second)
    }
  }

  @Test func aRunWithoutACheckpointCannotBeHeldAgainstAnything() throws {
    let run = try bench.train("--experiment", "blobs", "--no-save-checkpoint")
    expectLabError(
      mentioning: "has kept no checkpoint", "a run that was trained without --no-save-checkpoint", exitCode: 2
    ) { try again(run) }
    let study = try bench.train("--experiment", "blobs", "--seeds", "2", "epochs=1")
    expectLabError(mentioning: "is a study of many runs", exitCode: 2) { try again(study) }
  }
}
