/// The layer of `dropout`: sets elements to 0 in training, and does nothing in evaluation.
public final class Dropout: Layer {
  private let probability: Float

  /// A layer that drops with this probability.
  public init(_ probability: Float = 0.5) { self.probability = probability }

  /// `x` with some elements 0 and the others larger.
  public func callAsFunction(_ x: Tensor) -> Tensor { dropout(x, probability) }
}

/// The layer of `stochasticDepth`: leaves a branch out in training, and does nothing in evaluation.
public final class StochasticDepth: Layer {
  private let probability: Float
  private let mode: StochasticDepthMode

  /// A layer that leaves out with this probability, each sample of its own or the whole batch.
  public init(_ probability: Float, mode: StochasticDepthMode = .row) {
    self.probability = probability
    self.mode = mode
  }

  /// `x` [N, ...], or 0 in its place.
  public func callAsFunction(_ x: Tensor) -> Tensor { stochasticDepth(x, probability, mode: mode) }
}
