import Utils

/// Runs a network over samples in evaluation mode and records nothing.
public struct Evaluator {
  private let loss: Loss?
  private let classNames: [String]
  private let threshold: Double

  /// An evaluator of classes by their names that also measures `loss`.
  ///
  /// - Parameter threshold: the probability above which a class is said to be there, where samples have any number of
  ///   classes.
  public init(classNames: [String], loss: Loss? = nil, threshold: Double = 0.5) {
    self.classNames = classNames
    self.loss = loss
    self.threshold = threshold
  }

  /// An evaluator of `classes` classes called `class_0`, `class_1`, ... that also measures `loss`.
  public init(classes: Int, loss: Loss? = nil) {
    self.init(classNames: (0..<classes).map { "class_\($0)" }, loss: loss)
  }

  /// What `network` makes of every sample of `source`, in its order.
  public func evaluate(_ network: any Layer, on source: any BatchSource) throws -> Evaluation {
    var meanLoss = WeightedMean()
    var (indices, labels, predictions, outputs, width): ([Int], [Int32], [Int32], [Float], Int) = (
      [], [], [], [], 1
    )
    var targets: [UInt8]?
    var batches = source.batches(epoch: 1, startingAt: 0)
    try withMode(.evaluation) {
      while let batch = try batches.next() {
        let y = network(batch.inputs)
        if let loss { meanLoss.add(Double(loss(y, batch).scalar), count: batch.count) }
        width = y.shape[1]
        indices += batch.indices
        labels += batch.labels.elements
        outputs += y.elements
        if let more = batch.targets {
          targets = (targets ?? []) + more.elements.map { $0 > 0.5 ? 1 : 0 }
        } else {
          predictions += predictedClasses(y)
        }
      }
    }
    return Evaluation(
      loss: meanLoss.mean, outcome: outcome(labels, predictions, targets, outputs), indices: indices,
      labels: labels, outputs: outputs, outputWidth: width)
  }

  private func outcome(
    _ labels: [Int32], _ predictions: [Int32], _ targets: [UInt8]?, _ outputs: [Float]
  ) -> Evaluation.Outcome {
    guard let targets else {
      var confusion = ConfusionMatrix(classes: classNames.count)
      confusion.add(predicted: predictions, actual: labels)
      return .classes(predictions: predictions, confusion)
    }
    return .multiLabel(
      targets: targets,
      MultiLabelReport(
        probabilities: outputs.map(probability), targets: targets, classNames: classNames,
        thresholds: classNames.map { _ in threshold }))
  }
}
