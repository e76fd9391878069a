/// Each rule in one pass, one weight after the other in order of memory: what a weight needs is in registers from its
/// gradient to its change. 5 to 20 operations a weight, which is less than the 12 to 36 bytes that are read
/// and written for it cost: these loops wait for memory.
extension OptimizerKernels {
  /// w -= rate v, with v = momentum v + (1 - dampening) g: as the contract's formula says.
  public func sgd(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, velocity: inout MutableSpan<Float>,
    _ step: SGDStep
  ) {
    for i in 0..<weights.count {
      let g = gradient[i] + step.weightDecay * weights[i]
      if step.momentum == 0 {
        weights[i] -= step.learningRate * g
        continue
      }
      velocity[i] = step.isFirst ? g : step.momentum * velocity[i] + (1 - step.dampening) * g
      weights[i] -= step.learningRate * (step.nesterov ? g + step.momentum * velocity[i] : velocity[i])
    }
  }

  /// m += (1 - beta1) (g - m), v += (1 - beta2) (g^2 - v), w -= rate m / (sqrt(v) + epsilon), all corrected for the start.
  ///
  /// Averages first, then the weight; the root's bias correction is a factor, computed once a step.
  public func adam(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, average: inout MutableSpan<Float>,
    square: inout MutableSpan<Float>, largest: inout MutableSpan<Float>, _ step: AdamStep
  ) {
    for i in 0..<weights.count {
      let g = gradient[i] + step.penalty * weights[i]
      average[i] = step.beta1 * average[i] + step.share1 * g
      square[i] = step.beta2 * square[i] + step.share2 * g * g
      if !largest.isEmpty { largest[i] = max(largest[i], square[i]) }
      let root = (largest.isEmpty ? square[i] : largest[i]).squareRoot()
      let direction = step.averageRate * average[i] + step.gradientRate * g
      weights[i] -= step.decay * weights[i] + direction / (step.rootFactor * root + step.epsilon)
    }
  }

  /// v = a v + (1 - a) g^2, w -= rate g / (sqrt(v) + epsilon); with m^2 taken off v where it is centred.
  ///
  /// The variance v - m^2 is never below zero but for rounding, which the maximum takes back.
  public func rmsprop(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, square: inout MutableSpan<Float>,
    average: inout MutableSpan<Float>, velocity: inout MutableSpan<Float>, _ step: RMSpropStep
  ) {
    for i in 0..<weights.count {
      let g = gradient[i] + step.weightDecay * weights[i]
      square[i] = step.smoothing * square[i] + (1 - step.smoothing) * g * g
      var variance = square[i]
      if !average.isEmpty {
        average[i] = step.smoothing * average[i] + (1 - step.smoothing) * g
        variance = max(variance - average[i] * average[i], 0)
      }
      var change = g / (variance.squareRoot() + step.epsilon)
      if !velocity.isEmpty {
        change = step.momentum * velocity[i] + change
        velocity[i] = change
      }
      weights[i] -= step.learningRate * change
    }
  }

  /// s += g^2, w -= rate g / (sqrt(s) + epsilon). The sum only grows, so each weight's rate only falls.
  public func adagrad(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, sum: inout MutableSpan<Float>,
    _ step: AdagradStep
  ) {
    for i in 0..<weights.count {
      let g = gradient[i] + step.weightDecay * weights[i]
      sum[i] += g * g
      weights[i] -= step.learningRate * g / (sum[i].squareRoot() + step.epsilon)
    }
  }

  /// d = sqrt(u + epsilon) / sqrt(v + epsilon) g, w -= rate d, with v and u the averages of g^2 and of d^2.
  ///
  /// The average change so far gives the gradient the unit of a weight.
  public func adadelta(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, square: inout MutableSpan<Float>,
    change: inout MutableSpan<Float>, _ step: AdadeltaStep
  ) {
    for i in 0..<weights.count {
      let g = gradient[i] + step.weightDecay * weights[i]
      square[i] = step.smoothing * square[i] + (1 - step.smoothing) * g * g
      let d = (change[i] + step.epsilon).squareRoot() / (square[i] + step.epsilon).squareRoot() * g
      change[i] = step.smoothing * change[i] + (1 - step.smoothing) * d * d
      weights[i] -= step.learningRate * d
    }
  }

  /// a += share (x - a): one multiplication and two additions an element.
  public func blend(_ x: Span<Float>, into a: inout MutableSpan<Float>, share: Float) {
    for i in 0..<a.count { a[i] += share * (x[i] - a[i]) }
  }

  /// One after the other, in double precision: two operations an element.
  public func sumOfSquares(_ x: Span<Float>) -> Double {
    var sum = 0.0
    for i in 0..<x.count { sum += Double(x[i]) * Double(x[i]) }
    return sum
  }

  /// x *= factor: one multiplication an element.
  public func scale(_ x: inout MutableSpan<Float>, by factor: Float) {
    for i in 0..<x.count { x[i] *= factor }
  }

  /// x = min(max(x, -limit), limit): two comparisons an element, which a NaN fails, so that it stays.
  public func clamp(_ x: inout MutableSpan<Float>, to limit: Float) {
    for i in 0..<x.count {
      if x[i] > limit { x[i] = limit }
      if x[i] < -limit { x[i] = -limit }
    }
  }
}
