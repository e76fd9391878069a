import Utils

/// How well a network does on some samples.
public struct Evaluation: Sendable {
  /// The mean loss, when one is measured and there is a sample.
  public let loss: Double?
  /// Predicted against actual classes.
  public let confusion: ConfusionMatrix
  /// For each sample in its order: its place in the part, its class, the predicted class.
  public let indices: [Int]
  /// The class of each sample.
  public let labels: [Int32]
  /// The predicted class of each sample.
  public let predictions: [Int32]
  /// The network's outputs, `outputWidth` for each sample.
  public let outputs: [Float]
  /// 1, or the number of classes.
  public let outputWidth: Int

  /// How many samples there were.
  public var count: Int { labels.count }

  /// One curve for two classes, else one against the rest for each class.
  ///
  /// Throws where an output is NaN.
  public func rocCurves() throws -> [ROCCurve] {
    func scores(_ column: Int) -> [Float] { (0..<count).map { outputs[$0 * outputWidth + column] } }
    if outputWidth == 1 { return [try ROCCurve(scores: outputs, isPositive: labels.map { $0 == 1 })] }
    return try (0..<outputWidth).map { column in
      try ROCCurve(scores: scores(column), isPositive: labels.map { $0 == column })
    }
  }

  /// Loss and accuracy: what is measured after every epoch.
  public var brief: [Metric] {
    (loss.map { [Metric("loss", $0)] } ?? []) + [Metric("accuracy", confusion.accuracy)]
  }

  /// Everything that is recorded of a finished run.
  ///
  /// Throws where an output is NaN.
  public func metrics() throws -> [Metric] {
    var metrics = brief
    metrics.append(Metric("precision_macro", confusion.macro.precision))
    metrics.append(Metric("recall_macro", confusion.macro.recall))
    metrics.append(Metric("f1_macro", confusion.macro.f1))
    if outputWidth == 1, let area = try rocCurves()[0].area { metrics.append(Metric("roc_auc", area)) }
    return metrics
  }
}

/// Runs a network over samples in evaluation mode and records nothing.
public struct Evaluator {
  private let loss: Loss?
  private let classes: Int

  /// An evaluator of `classes` classes that also measures `loss`.
  public init(classes: Int, loss: Loss? = nil) {
    self.classes = classes
    self.loss = loss
  }

  /// What `network` makes of every sample of `source`, in its order.
  public func evaluate(_ network: any Layer, on source: any BatchSource) throws -> Evaluation {
    var confusion = ConfusionMatrix(classes: classes)
    var meanLoss = WeightedMean()
    var (indices, labels, predictions, outputs, width): ([Int], [Int32], [Int32], [Float], Int) = (
      [], [], [], [], 1
    )
    var batches = source.batches(epoch: 1, startingAt: 0)
    try withMode(.evaluation) {
      while let batch = try batches.next() {
        let y = network(batch.inputs)
        let predicted = predictedClasses(y)
        if let loss { meanLoss.add(Double(loss(y, batch.labels).scalar), count: batch.count) }
        for (prediction, label) in zip(predicted, batch.labels.elements) {
          confusion.add(predicted: Int(prediction), actual: Int(label))
        }
        width = y.shape[1]
        indices += batch.indices
        labels += batch.labels.elements
        predictions += predicted
        outputs += y.elements
      }
    }
    return Evaluation(
      loss: meanLoss.mean, confusion: confusion, indices: indices, labels: labels, predictions: predictions,
      outputs: outputs, outputWidth: width)
  }
}
