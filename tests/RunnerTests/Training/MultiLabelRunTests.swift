import DataUtils
import Engine
import Foundation
import TestSupport
import Testing
import Utils

@testable import Runner

/// An experiment with any number of classes a sample, from its file to its results.
@Suite("Runs with any number of classes a sample", .serialized)
struct MultiLabelRunTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  @Test func resultsHoldWhatTheSpecificationNames() throws {
    let run = try bench.train("--experiment", "questions", "--visualize")
    let results = try json(run.results)
    #expect(results["metrics"]?["f1_macro"]?.double ?? 0 > 0.7 && results["within_band"] == true)
    for key in [
      "experiment_name", "experiment_dir", "timestamp", "loss", "loss_params", "best_epoch", "split_info",
      "config", "training_history", "metrics_history", "device", "num_model_parameters",
      "num_trainable_parameters", "best_val_metrics", "test_metrics", "optimal_thresholds",
      "threshold_history", "test_metrics_standard", "test_metrics_optimized",
    ] { #expect(results[key] != nil && results[key] != .null, "\(key)") }
    let best = results["best_val_metrics"]?["f1_macro"]?.double ?? .nan
    let epoch = results["best_epoch"]?.int ?? 0
    for (name, same) in [
      ("model_final.safetensors", run.lastCheckpoint),
      (
        "checkpoints/best_model_epoch\(epoch)_val_f1_macro_\(String(format: "%.4f", best)).safetensors",
        run.bestCheckpoint
      ),
      ("loss_curves.png", run.visualizations.appending(path: "loss_curve.png")),
      ("val_f1_curve.png", run.visualizations.appending(path: "f1_macro_curve.png")),
    ] {
      #expect(try Data(contentsOf: run.url.appending(path: name)) == Data(contentsOf: same), "\(name)")
    }
    let found = try CheckpointFinder(outputs: bench.outputs).find(run.url.path).url
    #expect(
      found.lastPathComponent == "best.safetensors", "the run's folder means its best state, not model_final")
    #expect(results["loss"] == "focal_loss" && results["loss_params"]?["gamma"] == 2.0)
    #expect(results["loss_params"]?["alpha"]?.array?.count == 3)
    #expect(results["training_history"]?["val_loss"]?.array?.count == 6)
    #expect(results["metrics_history"]?["val_metrics"]?.array?.count == 6)
    #expect(results["metrics_history"]?["test_metrics"] == [], "the test part is measured once, at the end")
    #expect(results["threshold_history"]?["thresholds"]?.array?.last?["far"]?.double != nil)
    #expect(results["split_info"]?["train"]?["num_samples"] == 90)
    #expect(results["num_model_parameters"] == 9 && results["num_trainable_parameters"] == 9)
    for name in [
      "accuracy", "hamming_loss", "f1_micro", "precision_macro", "recall_macro", "far_precision", "far_tp",
      "far_fp", "far_tn", "far_fn", "far_support",
    ] {
      #expect(results["test_metrics_standard"]?[name]?.double != nil, "\(name)")
      #expect(results["test_metrics_optimized"]?[name]?.double != nil, "\(name)")
    }
    let page = try text(run.report)
    #expect(page.contains("Classes of test, with one threshold") && page.contains("with tuned thresholds"))
    #expect(!page.contains("far_support"))
    let support = results["test_metrics"]?["far_support"]
    #expect(results["split_info"]?["test"]?["class_counts"]?["far"]?.double == support?.double)
    let drawn = try files(in: run.visualizations).filter { $0.hasSuffix(".png") }
    #expect(
      drawn == [
        "confusion_matrix.png", "confusion_matrix_far.png", "confusion_matrix_right.png",
        "confusion_matrix_upper.png", "f1_macro_curve.png", "learning_curve.png", "loss_curve.png",
        "opposite_loss_curve.png",
        "roc.png",
      ])
  }

  /// With a rate that grows wild the last epoch is not the best: the test part is judged by the best.
  @Test func theBestEpochIsJudged() throws {
    let run = try bench.train(
      "--experiment", "questions", "schedule=constant", "warmup=0", "learning_rate=900", "epochs=12",
      "optimizer=sgd")
    let results = try json(run.results)
    let best = try Checkpoint(contentsOf: run.bestCheckpoint)
    #expect(best.lab["best"]?["epoch"] == results["best_epoch"])
    #expect(results["checkpoint_sha256"]?.string == (try SHA256.hex(ofFileAt: run.bestCheckpoint)))
    #expect(results["best_val_metrics"]?["f1_macro"]?.double == best.lab["best"]?["value"]?.double)
    let values = try #require(results["metrics_history"]?["val_metrics"]?.array).compactMap {
      $0["f1_macro"]?.double
    }
    #expect(values.max() == best.lab["best"]?["value"]?.double)
    let network = try tinyCatalog.network(of: best, run.bestCheckpoint)
    let plan = try bench.plan("questions")
    let judgement = try Judgement(network, plan, on: .test)
    #expect(judgement.metrics["f1_macro"] == results["test_metrics"]?["f1_macro"]?.double)
    let silent = try bench.train(
      "--experiment", "questions", "schedule=constant", "warmup=0", "learning_rate=900", "epochs=12",
      "optimizer=sgd", "--no-save-checkpoint")
    #expect(try json(silent.results)["test_metrics"] == results["test_metrics"], "and without files as well")
    #expect(try files(in: silent.models).isEmpty)
  }

  @Test func evaluateReportsBothThresholds() throws {
    let run = try bench.train("--experiment", "questions")
    let output = bench.root.appending(path: "result.json")
    try bench.evaluate(
      "--checkpoint", run.id, "--output", output.path, "--save-predictions", "--visualize")
    let (result, results) = (try json(output), try json(run.results))
    #expect(result["metrics"]?["f1_macro"]?.double == results["test_metrics"]?["f1_macro"]?.double)
    #expect(result["optimal_thresholds"] == results["optimal_thresholds"])
    #expect(result["metrics_optimized"] == results["test_metrics_optimized"])
    #expect(result["thresholds"] == ["right": 0.5, "upper": 0.5, "far": 0.5])
    let rows = try text(bench.root.appending(path: "result.predictions.csv")).split(separator: "\n")
    #expect(rows.count == 61)
    #expect(rows[0] == "index,actual,predicted,probability_right,probability_upper,probability_far")
    #expect(rows.contains { $0.contains("right+upper") })
  }

  @Test func aRunThatGoesOnEndsInTheSameBytes() throws {
    let words = ["--experiment", "questions", "sampling=inverse_sqrt", "patience=5"]
    let whole = try bench.train(words + ["epochs=6", "schedule=constant"])
    let half = try bench.train(words + ["epochs=3", "schedule=constant"])
    let rest = try bench.train(["--resume", half.lastCheckpoint.path, "epochs=6"])
    #expect(
      try SHA256.hex(ofFileAt: rest.lastCheckpoint) == SHA256.hex(ofFileAt: whole.lastCheckpoint))
    #expect(try json(rest.results)["test_metrics"] == json(whole.results)["test_metrics"])
    for key in ["best_epoch", "best_val_metrics", "optimal_thresholds"] {
      #expect(try json(rest.results)[key] == json(whole.results)[key], "\(key)")
    }
  }

  @Test func aFileAndWordsAreTheSameAsTheExperiment() throws {
    let file = bench.root.appending(path: "my.yaml")
    try "training: {num_epochs: 2}\nloss: {type: bce_with_logits, gamma: 3}\nexperiment: {name: mine}\n"
      .write(to: file, atomically: true, encoding: .utf8)
    let run = try bench.train("--config", file.path, "loss.gamma=2.5", "data.batch_size=6")
    let results = try json(run.results)
    #expect(results["experiment"] == "questions" && results["experiment_name"] == "mine")
    #expect(results["loss"] == "bce_with_logits")
    #expect(results["config"]?["loss"]?["gamma"] == 2.5 && results["config"]?["data"]?["batch_size"] == 6)
    let kept = run.url.appending(path: "train_config.yaml")
    #expect(try text(run.config).contains("train_config:"))
    let again = try bench.train("--config", kept.path)
    #expect(try SHA256.hex(ofFileAt: again.lastCheckpoint) == SHA256.hex(ofFileAt: run.lastCheckpoint))
    let words = try bench.train(
      "--experiment", "questions", "epochs=2", "loss.type=bce_with_logits", "loss.gamma=2.5", "batch_size=6",
      "experiment.name=mine")
    #expect(try SHA256.hex(ofFileAt: words.lastCheckpoint) == SHA256.hex(ofFileAt: run.lastCheckpoint))
    expectLabError(mentioning: "--config and --resume", exitCode: 2) {
      try bench.train("--config", kept.path, "--resume", "latest")
    }
    expectLabError(mentioning: "no configuration file") { try bench.train("--config", "nowhere.yaml") }
  }

  @Test func aConfigurationNamesTheFolderOfRuns() throws {
    let folder = bench.root.appending(path: "elsewhere")
    let options = ["--experiment", "questions", "epochs=1", "experiment.save_dir=\(folder.path)"]
    let parsed = try TrainOptions.parse(options + ["--log-level", "error"])
    #expect(try TrainCommand(tinyCatalog, parsed, in: bench.workspace).run() == 0)
    #expect(try files(in: folder).contains("questions"))
  }

  @Test func aLossOfOneClassASampleIsRefused() throws {
    expectLabError(mentioning: "cross_entropy", "any number", "focal_loss", exitCode: 2) {
      try bench.plan("questions", "loss.type=cross_entropy")
    }
    expectLabError(mentioning: "2 numbers in alpha", "3 classes") {
      try bench.plan("questions", "loss.alpha=[0.1,0.2]")
    }
  }

  @Test func weightsComeFromTheTrainingPartOrItsFirstBatch() throws {
    let train = try bench.plan("questions").data.splits.train
    let dynamic = try #require(try bench.plan("questions").loss)
    #expect(
      dynamic.parameters["alpha"]?.array?.compactMap(\.double)
        == train.classCounts.map { 1 - Double($0) / 90 })
    let plan = try bench.plan("questions", "loss.alpha=first_batch")
    var batches = plan.trainingLoader().batches(epoch: 1)
    let targets = try #require(try batches.next()?.targets)
    let first = (0..<3).map { k in stride(from: k, to: 48, by: 3).count { targets.elements[$0] == 1 } }
    #expect(
      plan.loss?.parameters["alpha"]?.array?.compactMap(\.double)
        == first.map { min(max(1 - Double($0) / 16, 0.01), 0.99) })
  }

  @Test(arguments: ["shuffled", "inverse_sqrt", "inverse", "effective_number", "replicate"])
  func everySamplingMakesBatches(sampling: String) throws {
    let plan = try bench.plan("questions", "sampling=\(sampling)")
    let loader = plan.trainingLoader()
    #expect(sampling == "replicate" ? loader.sampleCount > 90 : loader.sampleCount == 90)
    var batches = loader.batches(epoch: 3)
    #expect(try batches.next()?.targets?.shape == [16, 3])
  }

  @Test func dottedKeysAreSwept() throws {
    let file = bench.root.appending(path: "sweep.yaml")
    try """
    method: grid
    metric: {name: test_f1_macro, goal: maximize}
    parameters:
      loss:
        parameters:
          gamma: {values: [0.5, 2.0]}
      optimizer.betas:
        values: [[0.9, 0.999], [0.8, 0.99]]
    """.write(to: file, atomically: true, encoding: .utf8)
    let study = try bench.train("--experiment", "questions", "--sweep", file.path, "epochs=1")
    let rows = try text(study.url.appending(path: "runs.csv")).split(separator: "\n")
    #expect(rows.count == 5 && rows[0].contains("loss.gamma") && rows[0].contains("betas"))
    let typed = try bench.train(
      "--experiment", "questions", "--sweep", "loss.alpha=[0.1,0.2,0.3],dynamic", "epochs=1")
    #expect(try text(typed.url.appending(path: "runs.csv")).split(separator: "\n").count == 3)
    expectLabError(mentioning: "betas is given", exitCode: 2) {
      try bench.train("--experiment", "questions", "--sweep", file.path, "betas=[0.9, 0.99]")
    }
  }
}
