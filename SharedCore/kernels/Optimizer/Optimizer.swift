/// What one step of stochastic gradient descent needs to know.
public struct SGDStep: Equatable, Sendable {
  /// Learning rate, momentum, its dampening and the L2 penalty's factor.
  public let learningRate, momentum, dampening, weightDecay: Float
  /// Look ahead along the velocity (Nesterov 1983).
  public let nesterov: Bool
  /// The velocity holds nothing yet: it starts as the gradient itself, not dampened.
  public let isFirst: Bool

  /// One step with these factors.
  public init(
    learningRate: Float, momentum: Float, dampening: Float, weightDecay: Float, nesterov: Bool, isFirst: Bool
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    self.nesterov = nesterov
    self.isFirst = isFirst
  }
}

/// Updates of parameters in place, one pass over memory each.
public protocol OptimizerKernels {
  /// g' = g + decay w; v = momentum v + (1 - dampening) g'; w -= rate (nesterov ? g' + momentum v : v).
  ///
  /// `velocity` is empty when momentum is 0.
  func sgd(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, velocity: inout MutableSpan<Float>,
    _ step: SGDStep)
}
