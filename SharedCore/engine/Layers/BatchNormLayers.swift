import Utils

/// Batch normalisation of features or sequences, [N, C] or [N, C, T].
public typealias BatchNorm1d = BatchNorm<Space.Line>
/// Batch normalisation of images, [N, C, H, W].
public typealias BatchNorm2d = BatchNorm<Space.Plane>
/// Batch normalisation of volumes, [N, C, D, H, W].
public typealias BatchNorm3d = BatchNorm<Space.Volume>

/// The layer of `batchNorm`: normalises by the batch in training and by running statistics in evaluation.
///
/// `weight` starts at 1, `bias` at 0, `running_mean` at 0, `running_var` at 1. After each training batch
/// running = (1 - momentum) running + momentum measured, where the measured variance divides by one less than the count.
/// An empty batch measures nothing.
public final class BatchNorm<Dimensions: SpaceDimensions>: Layer {
  let weight: Parameter?
  let bias: Parameter?
  let running_mean: Buffer?
  let running_var: Buffer?
  let num_batches_tracked: Buffer?
  private let epsilon: Float
  private let momentum: Float?

  /// A layer for `channels` channels.
  ///
  /// - Parameters:
  ///   - momentum: the part of the newest batch in the running statistics; nil for the mean of all batches.
  ///   - affine: the layer has weight and bias.
  ///   - tracksStatistics: without, evaluation normalises by the batch too.
  public init(
    _ channels: Int, epsilon: Float = 1e-5, momentum: Float? = 0.1, affine: Bool = true,
    tracksStatistics: Bool = true
  ) {
    let (zeros, ones) = (Tensor(repeating: 0, shape: [channels]), Tensor(repeating: 1, shape: [channels]))
    weight = affine ? Parameter(ones) : nil
    bias = affine ? Parameter(zeros) : nil
    running_mean = tracksStatistics ? Buffer(zeros) : nil
    running_var = tracksStatistics ? Buffer(ones) : nil
    num_batches_tracked = tracksStatistics ? Buffer(0) : nil
    self.epsilon = epsilon
    self.momentum = momentum
  }

  /// The normalised `x`, of its shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let rank = Dimensions.count + 2
    require(
      x.shape.count == rank || (rank == 3 && x.shape.count == 2),
      "BatchNorm\(Dimensions.count)d: the input has \(rank) dimensions, got \(x.shape)")
    if Mode.current == .evaluation, let running_mean, let running_var {
      return batchNorm(
        x, weight?.value, bias?.value, mean: running_mean.tensor, variance: running_var.tensor,
        epsilon: epsilon)
    }
    let result = batchNorm(x, weight?.value, bias?.value, epsilon: epsilon)
    if Mode.current == .training, !ForwardContext.current.isRepeated {
      track(result, values: x.count / Swift.max(x.shape[1], 1))
    }
    return result.output
  }

  private func track(_ result: BatchNormResult, values: Int) {
    guard let running_mean, let running_var, let num_batches_tracked else { return }
    let batches = num_batches_tracked.integer + 1
    num_batches_tracked.contents = .integer(batches)
    guard values > 1 else { return }
    let share = momentum ?? 1 / Float(batches)
    let unbiased = result.variance * (Float(values) / Float(values - 1))
    running_mean.tensor = running_mean.tensor * (1 - share) + result.mean * share
    running_var.tensor = running_var.tensor * (1 - share) + unbiased * share
  }
}
