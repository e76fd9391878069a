import DataUtils
import Engine
import Foundation
import Tracking
import Utils

/// What results.json holds of a run with any number of classes a sample, beside what it holds of every run.
extension TrainingSession {
  /// The members by key; none where each sample has exactly one class.
  ///
  /// `training_history`, `metrics_history` and `threshold_history` are lists with an entry an epoch, those of a run that
  /// this one went on with among them.
  func details(
    _ folder: RunFolder, _ network: any Layer, _ fit: FitReport, _ judged: Judged
  ) throws -> [String: JSONValue] {
    let splits = plan.data.splits
    guard splits.train.targets != nil else { return [:] }
    let parameters = network.parameters()
    let test = judged.judgements.first { $0.part == .test }
    var details: [String: JSONValue] = [
      "experiment_name": .string(experimentName ?? folder.url.lastPathComponent),
      "experiment_dir": .string(folder.url.path),
      "timestamp": .string(Timestamp.iso8601(Date())), "loss": plan.loss.map { .string($0.name) } ?? nil,
      "loss_params": .object(plan.loss?.parameters ?? [:]), "device": "cpu",
      "num_model_parameters": .integer(Int64(network.parameterCount)),
      "num_trainable_parameters": .integer(
        Int64(parameters.filter { !$0.parameter.isFrozen }.reduce(0) { $0 + $1.parameter.shape.elementCount })
      ),
      "best_epoch": judged.best?.lab["best"]?["epoch"] ?? bestEpoch(fit)?["epoch"] ?? nil,
      "best_val_metrics": judged.best?.metrics.of(.val).json ?? bestEpoch(fit)?["metrics"] ?? nil,
      "split_info": try splitInfo(splits), "config": configuration,
      "training_history": fit.history.lists(["train_loss", "val_loss"]),
      "metrics_history": [
        "epoch": fit.history.epochs, "train_metrics": fit.history.metrics(of: .train),
        "val_metrics": fit.history.metrics(of: .val), "test_metrics": fit.history.metrics(of: .test),
      ],
      "threshold_history": [
        "epoch": fit.history.epochs,
        "thresholds": .array(
          fit.history.map {
            TunedThresholds(among: $0.metrics, classNames: splits.train.classNames)?.json ?? nil
          }
        ),
      ],
      "optimal_thresholds": judged.thresholds?.json ?? nil,
    ]
    details["data_report"] = plan.data.report
    details["test_metrics"] = test?.metrics.filter { !$0.name.hasPrefix("optimized_") }.json
    details["test_metrics_standard"] = details["test_metrics"]
    details["test_metrics_optimized"] = test?.optimized?.metrics.json
    return details
  }

  /// The experiment's configuration as a file would hold it, else its settings.
  var configuration: JSONValue { experiment.config?.nested(plan.settings) ?? plan.settings.json }

  /// The name that a configuration gives the run.
  private var experimentName: String? {
    plan.settings.has("experiment.name") ? plan.settings.text("experiment.name") : nil
  }

  /// Of all epochs the one with the best monitored metric, and its metrics on the validation part.
  private func bestEpoch(_ fit: FitReport) -> JSONValue? {
    let goal = Goal(of: plan.monitor)
    var best: (value: Double, report: EpochReport)?
    for report in fit.history {
      guard let value = report.metrics[plan.monitor], !value.isNaN else { continue }
      if best.map({ goal.isBetter(value, than: $0.value) }) ?? true { best = (value, report) }
    }
    return best.map {
      ["epoch": .integer(Int64($0.report.epoch)), "metrics": $0.report.metrics.of(.val).json]
    }
  }

  /// How many samples each part has, and of each class how many and which share.
  private func splitInfo(_ splits: DataSplits) throws -> JSONValue {
    let parts = splits.parts == [.train, .all] ? [.all] : splits.parts.filter { $0 != .all }
    return .object(
      Dictionary(
        uniqueKeysWithValues: try parts.map { part in
          let samples = try splits.part(part)
          let counts = zip(samples.classNames, samples.classCounts)
          let object: JSONValue = [
            "num_samples": .integer(Int64(samples.count)),
            "class_counts": .object(
              Dictionary(counts.map { ($0, .integer(Int64($1))) }) { first, _ in first }),
            "class_ratios": .object(
              Dictionary(counts.map { ($0, .number(Double($1) / Double(max(samples.count, 1)))) }) {
                first, _ in first
              }),
          ]
          return (part.rawValue, object)
        }))
  }
}

extension TunedThresholds {
  /// The threshold of each class by its name.
  var json: JSONValue {
    .numbers(zip(classNames, values))
  }
}

extension [EpochReport] {
  /// The numbers of the epochs.
  fileprivate var epochs: JSONValue { .array(map { .integer(Int64($0.epoch)) }) }

  /// The epochs, and a list for each of the metrics.
  fileprivate func lists(_ names: [String]) -> JSONValue {
    let lists = names.map { name in
      (name, JSONValue.array(map { $0.metrics[name].map(JSONValue.number) ?? nil }))
    }
    return .object(Dictionary([("epoch", epochs)] + lists) { $1 })
  }

  /// For each epoch the metrics of a part, without its name; nothing of a part that was not measured.
  fileprivate func metrics(of part: DataSplits.Part) -> JSONValue {
    let metrics = map { $0.metrics.of(part) }
    return .array(metrics.allSatisfy(\.isEmpty) ? [] : metrics.map(\.json))
  }
}

extension [Metric] {
  /// The metrics of a part, without its name.
  fileprivate func of(_ part: DataSplits.Part) -> [Metric] {
    compactMap { metric in
      guard metric.name.hasPrefix("\(part)_") else { return nil }
      return Metric(String(metric.name.dropFirst(part.rawValue.count + 1)), metric.value)
    }
  }
}
