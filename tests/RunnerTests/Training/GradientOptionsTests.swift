import Engine
import Foundation
import TestSupport
import Testing
import Tracking
import Utils

@testable import Runner

@Suite(.serialized) struct GradientOptionsTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  private func bytes(_ run: RunFolder) throws -> Data { try Data(contentsOf: run.lastCheckpoint) }

  private func train(_ words: String...) throws -> RunFolder {
    let options = try TrainOptions.parse(["--experiment", "blobs", "--log-level", "error"] + words)
    #expect(try TrainCommand(tinyCatalog, options, in: bench.workspace).run() == 0)
    return try RunFolder.find("latest", under: bench.outputs)
  }

  /// Ways to learn that do not depend on how many epochs were asked for.
  static let ways = [
    ["schedule=step", "decay_every=2", "decay_factor=0.5"], ["schedule=milestones", "milestones=2-5"],
    ["schedule=exponential", "warmup=2"],
    ["clip=0.1"], ["clip_value=0.01"], ["accumulate=3"], ["label_smoothing=0.1"], ["mixup=0.4"],
    ["ema=0.9"], ["swa=2"], ["plateau=1", "decay_factor=0.1"],
    ["ema=0.5", "clip=0.5", "accumulate=2", "mixup=1", "schedule=step", "decay_every=3"],
  ]

  @Test(arguments: ways)
  func everyWayChangesTheResultAndIsResumedExactly(words: [String]) throws {
    func run(_ more: [String]) throws -> RunFolder {
      let options = try TrainOptions.parse(["--log-level", "error"] + more)
      #expect(try TrainCommand(tinyCatalog, options, in: bench.workspace).run() == 0)
      return try RunFolder.find("latest", under: bench.outputs)
    }
    let whole = try run(["--experiment", "blobs", "--epochs", "7"] + words)
    let plain = try run(["--experiment", "blobs", "--epochs", "7"])
    #expect(try bytes(whole) != bytes(plain))
    let part = try run(["--experiment", "blobs", "--epochs", "3"] + words)
    let resumed = try run(["--resume", part.id, "--epochs", "7"])
    #expect(try bytes(resumed) == bytes(whole))
    let config = try text(whole.config)
    for word in words {
      #expect(config.contains(word.replacing("=", with: ": ")), "\(word) is recorded")
    }
  }

  @Test(arguments: ["cosine", "linear", "polynomial", "onecycle"])
  func schedulesOverTheWholeTrainingAreRepeatable(name: String) throws {
    let first = try train("schedule=\(name)")
    #expect(try bytes(train("schedule=\(name)")) == bytes(first))
    #expect(try bytes(train()) != bytes(first))
  }

  @Test func averagesAreJudgedAndEvaluated() throws {
    let run = try train("ema=0.9")
    let metrics = try json(run.results)["metrics"]
    #expect(metrics?["ema_accuracy"]?.double != nil && metrics?["ema_opposite_accuracy"] == nil)
    try bench.evaluate(
      "--checkpoint", run.lastCheckpoint.path, "--output", bench.root.appending(path: "x.json").path)
    #expect(
      try json(bench.root.appending(path: "x.json"))["metrics"]?["ema_accuracy"] == metrics?["ema_accuracy"])
  }

  @Test func whatExcludesItselfIsRefused() throws {
    expectLabError(mentioning: "clip and clip_value exclude each other", exitCode: 2) {
      try train("clip=1", "clip_value=1")
    }
    expectLabError(mentioning: "ema and swa exclude each other", exitCode: 2) {
      try train("ema=0.9", "swa=2")
    }
    expectLabError(mentioning: "schedule=cosinus", "one of constant, cosine", exitCode: 2) {
      try train("schedule=cosinus")
    }
  }

  @Test func aRuleOfItsOwnHasNoneOfThem() throws {
    let options = try TrainOptions.parse(["--experiment", "xor", "--log-level", "error", "clip=1"])
    expectLabError(mentioning: "there is no setting clip", exitCode: 2) {
      try TrainCommand(tinyCatalog, options, in: bench.workspace).run()
    }
  }

  @Test func anExperimentsRowSetsTheDefaults() throws {
    let plan = TrainingPlan.sgd(
      .crossEntropy,
      options: GradientOptions {
        $0.schedule = .cosine; $0.clip = 1
      })
    let row = try tinyCatalog.experiment("blobs")
    let experiment = Experiment(
      "row", purpose: .study, summary: "", data: row.data, network: row.network, training: plan, epochs: 1,
      learningRate: 0.1, plots: [], band: row.band)
    #expect(experiment.settings.string("schedule") == "cosine" && experiment.settings.optional("clip") == 1)
    var changed = experiment.settings
    try changed.apply(word: "clip=none")
    #expect(changed.optional("clip") == nil)
  }
}
