import DataUtils
import Engine
import Utils

/// What is measured after every epoch: the watched parts of the data, by the network and its variants.
struct EpochMeasurement {
  private let evaluator: Evaluator
  private let parts: [(part: DataSplits.Part, loader: Loader)]
  /// Whether epochs are compared by F1, where each sample has one class.
  private let countsF1: Bool
  private let records: ConfusionRecord?

  /// - Parameter records: hears the confusion matrix of the part that it is of.
  init(_ plan: RunPlan, records: ConfusionRecord? = nil) throws {
    evaluator = plan.evaluator
    countsF1 = plan.countsF1
    parts = try plan.measuredParts.map { ($0, try plan.loader(for: $0)) }
    self.records = records
  }

  /// `val_loss`, `val_accuracy`, `val_ema_accuracy`, ...; of the validation part also the thresholds that suit it best.
  func metrics(of network: any Layer) throws -> [Metric] {
    try parts.flatMap { part, loader in
      try withVariants(network).flatMap { prefix, network in
        let evaluation = try evaluator.evaluate(network, on: loader)
        if prefix.isEmpty { records?.hear(evaluation, of: part) }
        let tuned = part == .val && prefix.isEmpty ? TunedThresholds(on: evaluation)?.metrics ?? [] : []
        return (scores(evaluation) + tuned).map { $0.named(prefix: "\(part)_\(prefix)") }
      }
    }
  }

  /// Epoch 0: what the network makes of the batches of the first epoch, and of the watched parts, before it learns.
  func start(of network: any Layer, _ training: Loader) throws -> EpochReport {
    let clock = Stopwatch()
    let train = scores(try evaluator.evaluate(network, on: training)).map { $0.named(prefix: "train_") }
    return EpochReport(
      epoch: 0, step: 0, metrics: train + (try metrics(of: network)), seconds: 0, totalSeconds: clock.seconds)
  }

  private func scores(_ evaluation: Evaluation) -> [Metric] {
    evaluation.brief + (countsF1 ? evaluation.confusion?.f1 ?? [] : [])
  }
}

/// The thresholds that suit the validation part best, as they are kept among the metrics of an epoch.
struct TunedThresholds: Equatable {
  let classNames: [String]
  let values: [Double]
  /// What they reach on the part that they were chosen on.
  private let f1: Double

  /// The best ones on `evaluation`; nil where each sample has exactly one class.
  init?(on evaluation: Evaluation) {
    guard let values = evaluation.bestThresholds(), let report = evaluation.report(thresholds: values) else {
      return nil
    }
    (classNames, self.values, f1) = (report.classNames, values, report.macro(\.f1))
  }

  /// Those that stand among the metrics of an epoch; nil where there are none.
  init?(among metrics: [Metric], classNames: [String]) {
    let values = classNames.compactMap { metrics["val_\($0)_threshold"] }
    guard values.count == classNames.count else { return nil }
    (self.classNames, self.values, f1) = (classNames, values, metrics["val_optimized_f1_macro"] ?? 0)
  }

  /// `<class>_threshold`, and `optimized_f1_macro`.
  var metrics: [Metric] {
    zip(classNames, values).map { Metric("\($0)_threshold", $1, isDetail: true) }
      + [Metric("optimized_f1_macro", f1, isDetail: true)]
  }
}
