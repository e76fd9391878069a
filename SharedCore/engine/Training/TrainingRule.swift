import Utils

/// How one batch changes a model.
///
/// Gradient descent is one rule; the perceptron's is another.
public protocol TrainingRule: AnyObject {
  /// Learns from one batch.
  func step(_ batch: Batch) throws -> StepResult

  /// Whether there is anything left to learn after an epoch.
  func verdict(after epoch: EpochReport) -> Verdict

  /// What the rule keeps between steps beside the model, by name, for a checkpoint.
  func state() -> [(name: String, buffer: Buffer)]
}

extension TrainingRule {
  /// Goes on.
  public func verdict(after epoch: EpochReport) -> Verdict { .goOn }
  /// Nothing is kept.
  public func state() -> [(name: String, buffer: Buffer)] { [] }
}

/// Gradient descent: forward, loss, backward, update.
public final class GradientRule: TrainingRule {
  private let network: any Layer
  private let loss: Loss
  private let optimizer: any Optimizer

  /// Trains `network` to lower `loss`.
  public init(network: any Layer, loss: Loss, optimizer: any Optimizer) {
    self.network = network
    self.loss = loss
    self.optimizer = optimizer
  }

  /// Forward, loss, backward, update; throws when the loss is not finite.
  public func step(_ batch: Batch) throws -> StepResult {
    var correct = 0
    let (value, gradients) = valueAndGradients {
      let outputs = network(batch.inputs)
      correct = zip(predictedClasses(outputs), batch.labels.elements).count { $0 == $1 }
      return loss(outputs, batch.labels)
    }
    guard value.scalar.isFinite else { throw notFinite(value.scalar, gradients, batch) }
    optimizer.update(with: gradients)
    return StepResult(
      count: batch.count,
      means: [
        Metric("loss", Double(value.scalar)),
        Metric("accuracy", Double(correct) / Double(max(batch.count, 1))),
      ])
  }

  /// The optimiser's state.
  public func state() -> [(name: String, buffer: Buffer)] { optimizer.state() }

  /// Names what is to blame, the nearest to the cause first: the data, a weight, a gradient.
  private func notFinite(_ loss: Float, _ gradients: Gradients, _ batch: Batch) -> LabError {
    let loss = loss.isNaN ? "NaN" : "infinite"
    guard batch.inputs.isFinite else {
      return LabError(
        .training, "the loss became \(loss) because the batch holds a number that is not finite",
        remedy: "look for empty or damaged values in the data")
    }
    let parameters = network.parameters()
    let weight = parameters.first { !$0.parameter.value.isFinite }?.name
    let gradient = parameters.first { gradients[$0.parameter]?.isFinite == false }?.name
    let culprit = weight.map { " and \($0)" } ?? gradient.map { " and the gradient of \($0)" }
    return LabError(
      .training, "the loss became \(loss)" + (culprit.map { $0 + " is no longer finite" } ?? ""),
      remedy: "lower the learning rate and start again from the last checkpoint with --load-checkpoint")
  }
}

extension Tensor {
  /// Neither NaN nor infinite anywhere.
  public var isFinite: Bool {
    withSpan { span in
      for i in 0..<span.count where !span[i].isFinite { return false }
      return true
    }
  }
}

/// The class that each row of `outputs` stands for: of one column, 1 from 0 upward; of several, the largest's place.
///
/// - Parameter outputs: [N, 1] scores or logits of class 1, or [N, K].
public func predictedClasses(_ outputs: Tensor) -> [Int32] {
  require(outputs.shape.count == 2, "classes are read from [N, K], got \(outputs.shape)")
  guard outputs.shape[1] == 1 else { return outputs.argmax(over: 1).elements }
  return outputs.withSpan { span in (0..<span.count).map { span[$0] >= 0 ? 1 : 0 } }
}
