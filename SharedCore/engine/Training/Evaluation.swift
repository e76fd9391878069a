import Foundation
import Utils

/// How well a network does on some samples.
public struct Evaluation: Sendable {
  /// What was said of the samples, and how often that was right.
  public enum Outcome: Sendable {
    /// One class a sample: the predicted class of each, and predicted against actual classes.
    case classes(predictions: [Int32], ConfusionMatrix)
    /// Any number of classes a sample: [N, K] those that each has, and how they were told.
    case multiLabel(targets: [UInt8], MultiLabelReport)
  }

  /// The mean loss, when one is measured and there is a sample.
  public let loss: Double?
  /// What was said of the samples, and how often that was right.
  public let outcome: Outcome
  /// The place of each sample in its part, in the samples' order.
  public let indices: [Int]
  /// The class of each sample; of those with any number of classes the first.
  public let labels: [Int32]
  /// The network's outputs, `outputWidth` for each sample.
  public let outputs: [Float]
  /// 1, or the number of classes.
  public let outputWidth: Int

  /// How many samples there were.
  public var count: Int { labels.count }

  /// Predicted against actual classes; nil where samples have any number of classes.
  public var confusion: ConfusionMatrix? {
    if case .classes(_, let confusion) = outcome { confusion } else { nil }
  }

  /// The predicted class of each sample; where samples have any number of classes, the likeliest.
  public var predictions: [Int32] {
    switch outcome {
    case .classes(let predictions, _): predictions
    case .multiLabel:
      (0..<count).map { n in
        Int32((0..<outputWidth).max { outputs[n * outputWidth + $0] < outputs[n * outputWidth + $1] } ?? 0)
      }
    }
  }

  /// [N, K], the probability of each class as a question of its own: the sigmoid of each output.
  public var probabilities: [Double] { outputs.map(probability) }

  /// The same samples told by other thresholds; nil where each has exactly one class.
  public func report(thresholds: [Double]) -> MultiLabelReport? {
    guard case .multiLabel(let targets, let report) = outcome else { return nil }
    return MultiLabelReport(
      probabilities: probabilities, targets: targets, classNames: report.classNames, thresholds: thresholds)
  }

  /// The best threshold of each class on these samples; nil where each has exactly one class.
  public func bestThresholds(_ search: ThresholdSearch = ThresholdSearch()) -> [Double]? {
    guard case .multiLabel(let targets, _) = outcome else { return nil }
    return search.best(probabilities: probabilities, targets: targets, classes: outputWidth)
  }

  /// One curve for two classes, else one against the rest for each class.
  ///
  /// Throws where an output is NaN.
  public func rocCurves() throws -> [ROCCurve] {
    try (0..<outputWidth).map { column in
      try ROCCurve(
        scores: (0..<count).map { outputs[$0 * outputWidth + column] },
        isPositive: (0..<count).map { has($0, column: column) })
    }
  }

  /// Sample `n` has the class that the output `column` stands for.
  private func has(_ n: Int, column: Int) -> Bool {
    switch outcome {
    case .classes: labels[n] == (outputWidth == 1 ? 1 : column)
    case .multiLabel(let targets, _): targets[n * outputWidth + column] == 1
    }
  }

  /// What is measured after every epoch: loss and accuracy, and where samples have any number of classes all scores.
  public var brief: [Metric] {
    let loss = loss.map { [Metric("loss", $0)] } ?? []
    return switch outcome {
    case .classes(_, let confusion): loss + [Metric("accuracy", confusion.accuracy)]
    case .multiLabel(_, let report): loss + report.metrics
    }
  }

  /// Everything that is recorded of a finished run.
  ///
  /// Throws where an output is NaN.
  public func metrics() throws -> [Metric] {
    guard case .classes(_, let confusion) = outcome else { return brief }
    var metrics = brief
    metrics.append(Metric("precision_macro", confusion.macro.precision))
    metrics.append(Metric("recall_macro", confusion.macro.recall))
    metrics.append(Metric("f1_macro", confusion.macro.f1))
    if outputWidth == 1, let area = try rocCurves()[0].area { metrics.append(Metric("roc_auc", area)) }
    return metrics
  }
}

/// The sigmoid of a logit, in double precision.
func probability(_ logit: Float) -> Double { 1 / (1 + exp(-Double(logit))) }
