import Engine
import Utils

/// How the weights are found that make the mean squared error small.
public enum Method: String, CaseIterable, Sendable {
  /// The delta rule, sample by sample: Widrow and Hoff 1960.
  case sample
  /// Gradient descent on the error of a whole batch.
  case batch
  /// The weights of the least error at once, by linear algebra: Gauss and Legendre, before 1810.
  case exact

  /// The training rule of this method for a network.
  public func rule(for adaline: Adaline, learningRate: Double) -> any TrainingRule {
    switch self {
    case .sample: DeltaRule(adaline, learningRate: learningRate)
    case .batch: BatchGradient(adaline, learningRate: learningRate)
    case .exact: ExactSolution(adaline)
    }
  }
}

/// Gradient descent on (t - y)²/2, averaged over the batch, with the gradient of the tape.
///
/// Written out it is w += rate mean((t - y) x): the mean of the delta rule's steps, all taken from the same weights.
public final class BatchGradient: TrainingRule {
  private let adaline: Adaline
  private let optimizer: SGD

  /// The rule for one network.
  public init(_ adaline: Adaline, learningRate: Double) {
    self.adaline = adaline
    optimizer = SGD(adaline.parameters(), learningRate: Float(learningRate))
  }

  /// One step for the whole batch; reports `mse`, taken before it. Throws a `LabError` when the weights grow beyond all
  /// bounds.
  public func step(_ batch: Batch) throws -> StepResult {
    let (loss, gradients) = valueAndGradients {
      squaredError(adaline.output(batch.inputs), adaline.targets(batch.labels), reduction: .sum)
        / Float(2 * max(batch.count, 1))
    }
    guard loss.scalar.isFinite else { throw divergence(inputs: adaline.weight.shape[1]) }
    optimizer.update(with: gradients)
    return StepResult(
      count: batch.count, means: [Metric("mse", 2 * Double(loss.scalar) / Double(adaline.bias.shape[0]))])
  }

  /// Stops where no error is left.
  public func verdict(after epoch: EpochReport) -> Verdict { Stopping.verdict(after: epoch) }
}

/// The weights and biases of the least mean squared error, found at once: the goal that the other methods walk to.
///
/// Each sample is a row (x, 1), each target a number on the right: an overdetermined system of linear equations, solved by
/// `leastSquares`. Features that say the same (pixels that are always black) leave many solutions; it takes the shortest.
public final class ExactSolution: TrainingRule {
  private let adaline: Adaline

  /// The rule for one network.
  public init(_ adaline: Adaline) { self.adaline = adaline }

  /// Solves for the batch; reports `mse` of the solution. Throws a `LabError` as `leastSquares` does.
  public func step(_ batch: Batch) throws -> StepResult {
    let x = batch.inputs.flattened(from: 1)  // [N, I]
    let targets = adaline.targets(batch.labels)  // [N, K]
    let ones = Tensor(repeating: 1, shape: [batch.count, 1])
    let solution = try leastSquares(concatenate([x, ones], along: 1), targets).solution  // [I + 1, K]
    let inputs = x.shape[1]
    adaline.weight.set(solution.narrowed(along: 0, from: 0, count: inputs).transposed())
    adaline.bias.set(solution.narrowed(along: 0, from: inputs, count: 1).squeezed(at: 0))
    let mse = squaredError(adaline.output(batch.inputs), targets).scalar
    return StepResult(count: batch.count, means: [Metric("mse", Double(mse))])
  }

  /// Stops after the first epoch.
  public func verdict(after epoch: EpochReport) -> Verdict {
    .stop(reason: "the equations are solved", converged: true)
  }
}
