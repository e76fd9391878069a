import DataUtils
import Engine
import Tracking
import Utils

/// What a network makes of one part of the data, and what its variants (a pocket copy, an average) make of it.
struct Judgement {
  let part: DataSplits.Part
  let evaluation: Evaluation
  /// `accuracy`, `f1_macro`, ..., then `pocket_accuracy`, ... for each variant, then the experiment's own.
  let metrics: [Metric]
  /// How the classes were told by thresholds that were tuned on the validation part; nil where there are none.
  let optimized: MultiLabelReport?
  private let extraNames: [String]

  /// - Parameter thresholds: those of the classes, tuned on the validation part.
  init(
    _ network: any Layer, _ plan: RunPlan, on part: DataSplits.Part, thresholds: TunedThresholds? = nil
  ) throws {
    let evaluator = plan.evaluator
    let evaluations = try withVariants(network).map { prefix, network in
      (prefix, try evaluator.evaluate(network, on: plan.loader(for: part)))
    }
    self.part = part
    evaluation = evaluations[0].1
    let usual = try evaluations.flatMap { prefix, evaluation in
      try evaluation.metrics().map { $0.named(prefix: prefix) }
    }
    let optimized = thresholds.flatMap { [evaluation] in evaluation.report(thresholds: $0.values) }
    self.optimized = optimized
    let subject = ExtraMetric.Subject(
      network: network, evaluation: evaluation, part: part, data: plan.data, settings: plan.settings)
    extraNames = plan.experiment.metrics.map(\.name)
    metrics =
      try usual + (optimized?.metrics ?? []).map { $0.named(prefix: "optimized_") }
      + plan.experiment.metrics.compactMap { extra in
        try extra.compute(subject).map { Metric(extra.name, $0) }
      }
  }

  /// The metrics with the part's name before them: `test_accuracy`.
  var summary: [(name: String, value: Double)] { metrics.map { ("\(part.rawValue)_\($0.name)", $0.value) } }

  /// The shared core of results.json and `evaluate --output`.
  func result(_ experiment: Experiment) -> RunResult {
    let judged = experiment.band.part == part ? metrics[experiment.band.metric] : nil
    return RunResult(
      experiment: experiment.name, split: part.rawValue, count: evaluation.count,
      metrics: Dictionary(metrics.map { ($0.name, $0.value) }) { first, _ in first },
      band: .string(experiment.band.text), published: experiment.published.map(JSONValue.string) ?? nil,
      isWithinBand: judged.map(experiment.band.range.contains))
  }

  /// The lines that a person reads: ours and, on the part that they speak of, the expected band and the published figure.
  func lines(_ experiment: Experiment) -> [String] {
    var lines: [[String]] = []
    let shown = (["loss", "accuracy", "f1_macro", "optimized_f1_macro", "roc_auc"] + extraNames).flatMap {
      name in
      metrics.filter {
        $0.name == name || $0.name.hasSuffix("_accuracy") && !$0.isDetail && name == "accuracy"
      }
    }
    let figures = shown.map { "\($0.name) \(figure($0.value))" }.joined(separator: ", ")
    lines.append([
      "result", Terminal.bold("\(part.rawValue) \(figures)") + " (\(evaluation.count) samples\(interval))",
    ])
    if experiment.band.part == part { lines += verdict(experiment, metrics[experiment.band.metric]) }
    return aligned(lines).split(separator: "\n").map(String.init)
  }
}

extension Judgement {
  /// Where the accuracy on samples that were not learnt lies, where these are so few that it matters.
  private var interval: String {
    guard part == .test || part == .val, evaluation.count < 1000, let accuracy = metrics["accuracy"],
      let interval = ShareInterval(accuracy, of: evaluation.count)
    else { return "" }
    return "; 95 % interval of the accuracy \(interval.text)"
  }
}

/// The lines that hold `value`, what an experiment reached, against its band and the published figure.
func verdict(_ experiment: Experiment, _ value: Double?) -> [[String]] {
  let met = value.map(experiment.band.range.contains) ?? false
  let verdict = met ? Terminal.green("as expected") : Terminal.yellow("not as expected")
  return [
    ["expected", "\(experiment.band.text): \(value.map(figure) ?? "not measured"), \(verdict)"],
    ["published", experiment.published ?? "no figure"],
  ]
}

/// A network, and its variants with what stands before the names of their metrics: `pocket_`.
func withVariants(_ network: any Layer) -> [(prefix: String, network: any Layer)] {
  [("", network)] + ((network as? any HasVariants)?.variants.map { ("\($0.name)_", $0.network) } ?? [])
}
