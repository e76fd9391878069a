import CVector
import Utils

/// Loops of CVector, one pass over memory each.
extension FastKernels {
  /// The reference with its questions asked before the loop.
  public func sgd(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, velocity: inout MutableSpan<Float>,
    _ step: SGDStep
  ) {
    require(gradient.count >= weights.count && (step.momentum == 0 || velocity.count >= weights.count))
    var factors = vector_sgd_step(
      rate: step.learningRate, momentum: step.momentum, dampening: step.dampening, decay: step.weightDecay,
      nesterov: step.nesterov ? 1 : 0, is_first: step.isFirst ? 1 : 0)
    vector_sgd(weights.address, gradient.address, velocity.address, Int64(weights.count), &factors)
  }

  /// The reference with its question asked before the loop.
  public func adam(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, average: inout MutableSpan<Float>,
    square: inout MutableSpan<Float>, largest: inout MutableSpan<Float>, _ step: AdamStep
  ) {
    let count = weights.count
    require(gradient.count >= count && average.count >= count && square.count >= count)
    require(largest.isEmpty || largest.count >= count)
    var factors = vector_adam_step(
      beta1: step.beta1, beta2: step.beta2, share1: step.share1, share2: step.share2,
      average_rate: step.averageRate, gradient_rate: step.gradientRate, root_factor: step.rootFactor,
      epsilon: step.epsilon, penalty: step.penalty, decay: step.decay)
    vector_adam(
      weights.address, gradient.address, average.address, square.address,
      largest.address, Int64(count), &factors)
  }

  /// The reference with its questions asked before the loop.
  public func rmsprop(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, square: inout MutableSpan<Float>,
    average: inout MutableSpan<Float>, velocity: inout MutableSpan<Float>, _ step: RMSpropStep
  ) {
    let count = weights.count
    require(gradient.count >= count && square.count >= count)
    require((average.isEmpty || average.count >= count) && (velocity.isEmpty || velocity.count >= count))
    var factors = vector_rmsprop_step(
      rate: step.learningRate, smoothing: step.smoothing, epsilon: step.epsilon, momentum: step.momentum,
      decay: step.weightDecay)
    vector_rmsprop(
      weights.address, gradient.address, square.address, average.address,
      velocity.address, Int64(count), &factors)
  }

  /// The loop of the reference.
  public func adagrad(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, sum: inout MutableSpan<Float>,
    _ step: AdagradStep
  ) {
    require(gradient.count >= weights.count && sum.count >= weights.count)
    var factors = vector_adagrad_step(
      rate: step.learningRate, epsilon: step.epsilon, decay: step.weightDecay)
    vector_adagrad(weights.address, gradient.address, sum.address, Int64(weights.count), &factors)
  }

  /// The loop of the reference.
  public func adadelta(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, square: inout MutableSpan<Float>,
    change: inout MutableSpan<Float>, _ step: AdadeltaStep
  ) {
    let count = weights.count
    require(gradient.count >= count && square.count >= count && change.count >= count)
    var factors = vector_adadelta_step(
      rate: step.learningRate, smoothing: step.smoothing, epsilon: step.epsilon, decay: step.weightDecay)
    vector_adadelta(
      weights.address, gradient.address, square.address, change.address, Int64(count), &factors)
  }

  /// Sixteen sums side by side.
  public func sumOfSquares(_ x: Span<Float>) -> Double { vector_sum_of_squares(x.address, Int64(x.count)) }

  /// One pass.
  public func blend(_ x: Span<Float>, into a: inout MutableSpan<Float>, share: Float) {
    require(x.count >= a.count)
    vector_blend(x.address, a.address, Int64(a.count), share)
  }

  /// One pass.
  public func scale(_ x: inout MutableSpan<Float>, by factor: Float) {
    vector_apply(VECTOR_AFFINE, x.address, x.address, Int64(x.count), factor, 0)
  }

  /// One pass.
  public func clamp(_ x: inout MutableSpan<Float>, to limit: Float) {
    vector_apply(VECTOR_CLAMP, x.address, x.address, Int64(x.count), -limit, limit)
  }
}
