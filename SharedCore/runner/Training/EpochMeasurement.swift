import DataUtils
import Engine

/// What is measured after every epoch: the watched parts of the data, by the network and its variants.
struct EpochMeasurement {
  private let evaluator: Evaluator
  private let parts: [(part: DataSplits.Part, loader: Loader)]
  /// Whether epochs are compared by F1, where each sample has one class.
  private let countsF1: Bool

  init(_ plan: RunPlan) throws {
    evaluator = plan.evaluator
    countsF1 = plan.monitor.hasSuffix("f1_macro")
    parts = try plan.measuredParts.map { ($0, try plan.loader(for: $0)) }
  }

  /// `val_loss`, `val_accuracy`, `val_ema_accuracy`, ...; of the validation part also the thresholds that suit it best.
  func metrics(of network: any Layer) throws -> [Metric] {
    try parts.flatMap { part, loader in
      try withVariants(network).flatMap { prefix, network in
        let evaluation = try evaluator.evaluate(network, on: loader)
        let tuned = part == .val && prefix.isEmpty ? TunedThresholds(on: evaluation)?.metrics ?? [] : []
        let scores = countsF1 ? Self.scores(evaluation) : []
        return (evaluation.brief + scores + tuned).map { $0.named(prefix: "\(part)_\(prefix)") }
      }
    }
  }
}

extension EpochMeasurement {
  /// `f1_macro` and `f1_weighted` of samples with one class; of others `brief` has them.
  private static func scores(_ evaluation: Evaluation) -> [Metric] {
    guard let confusion = evaluation.confusion else { return [] }
    return [Metric("f1_macro", confusion.macro.f1), Metric("f1_weighted", confusion.weighted.f1)]
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
