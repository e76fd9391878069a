import Engine
import Runner
import Utils

/// The delta rule of Widrow and Hoff, also called LMS: after each sample a step down the slope of its own squared error.
///
/// With the target t and the output y: w += rate (t - y) x, b += rate (t - y), which is minus the gradient of (t - y)²/2.
/// Unlike the perceptron's rule it corrects answers that are right as well, until y is t itself.
public final class DeltaRule: TrainingRule, ExplainsSteps {
  private let adaline: Adaline
  private let learningRate: Float
  var explanation: StepExplanation?

  /// The rule for one network.
  public init(_ adaline: Adaline, learningRate: Double) {
    self.adaline = adaline
    self.learningRate = Float(learningRate)
  }

  /// Shows every sample of the batch, in its order; reports `mse`, each error taken before its own correction. Throws a
  /// `LabError` when the weights grow beyond all bounds.
  public func step(_ batch: Batch) throws -> StepResult {
    var sum = 0.0
    adaline.weight.update { weights in
      adaline.bias.update { biases in
        batch.inputs.withSpan { inputs in sum = learn(batch, inputs, &weights, &biases) }
      }
    }
    let mse = sum / Double(max(batch.count * adaline.bias.shape[0], 1))
    guard mse.isFinite else { throw divergence(inputs: adaline.weight.shape[1]) }
    return StepResult(count: batch.count, means: [Metric("mse", mse)])
  }

  /// Shows every sample to every unit and corrects it; the sum of the squared errors.
  private func learn(
    _ batch: Batch, _ inputs: Span<Float>, _ weights: inout MutableSpan<Float>,
    _ biases: inout MutableSpan<Float>
  ) -> Double {
    let (labels, units) = (batch.labels.elements, biases.count)
    let width = weights.count / units
    var sum = 0.0
    for n in labels.indices {
      if explanation?.board.isFull == false { explain(batch, n) }
      let x = n * width
      for unit in 0..<units {
        let w = unit * width
        var y = biases[unit]
        for i in 0..<width { y += weights[w + i] * inputs[x + i] }
        let error = Adaline.target(labels[n], unit: unit, of: units) - y
        let step = learningRate * error
        for i in 0..<width { weights[w + i] += step * inputs[x + i] }
        biases[unit] += step
        sum += Double(error) * Double(error)
      }
    }
    return sum
  }

  /// Stops where no error is left.
  public func verdict(after epoch: EpochReport) -> Verdict { Stopping.verdict(after: epoch) }

  private func explain(_ batch: Batch, _ n: Int) {
    let width = adaline.weight.shape[1]
    let x = Array(batch.inputs.elements[n * width..<(n + 1) * width])
    let (weights, biases) = (adaline.weight.value.elements, adaline.bias.value.elements)
    explanation?.note(
      StepExplanation.Sample(
        row: batch.indices[n], x: x, label: batch.labels.elements[n], weights: weights, biases: biases,
        rate: learningRate))
  }

  /// From now on, writes its updates with their numbers on `board`, until that is full.
  public func explain(on board: Blackboard) { explanation = StepExplanation(on: board) }
}

/// When learning by small steps is over.
enum Stopping {
  /// The mean squared error below which nothing is left to learn.
  static let smallestError = 1e-6

  static func verdict(after epoch: EpochReport) -> Verdict {
    guard let mse = epoch.metrics["train_mse"], mse < smallestError else { return .goOn }
    return .stop(
      reason: "the mean squared error fell below 0.000001 in epoch \(epoch.epoch)", converged: true)
  }
}

/// What is said when the rate is too large: each step then overshoots by more than it corrects.
func divergence(inputs: Int) -> LabError {
  LabError(
    .training, "the weights grew beyond all bounds: the learning rate is too large for \(inputs) features",
    remedy: "lower it with --learning-rate; a step is safe below 2 / (|x|² + 1)")
}
