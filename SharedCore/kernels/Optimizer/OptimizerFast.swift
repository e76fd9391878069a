import Utils

extension FastKernels {
  /// The reference with its questions asked before the loop.
  public func sgd(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, velocity: inout MutableSpan<Float>,
    _ step: SGDStep
  ) {
    let (rate, decay, momentum) = (step.learningRate, step.weightDecay, step.momentum)
    require(gradient.count >= weights.count)
    if momentum == 0 {
      for i in 0..<weights.count {
        weights[unchecked: i] -= rate * (gradient[unchecked: i] + decay * weights[unchecked: i])
      }
      return
    }
    require(velocity.count >= weights.count)
    let (isFirst, nesterov, share) = (step.isFirst, step.nesterov, 1 - step.dampening)
    for i in 0..<weights.count {
      let g = gradient[unchecked: i] + decay * weights[unchecked: i]
      let v = isFirst ? g : momentum * velocity[unchecked: i] + share * g
      velocity[unchecked: i] = v
      weights[unchecked: i] -= rate * (nesterov ? g + momentum * v : v)
    }
  }

  /// The reference with its question asked before the loop.
  public func adam(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, average: inout MutableSpan<Float>,
    square: inout MutableSpan<Float>, largest: inout MutableSpan<Float>, _ step: AdamStep
  ) {
    let count = weights.count
    require(gradient.count >= count && average.count >= count && square.count >= count)
    let (beta1, share1, beta2, share2) = (step.beta1, step.share1, step.beta2, step.share2)
    let (penalty, keep) = (step.penalty, 1 - step.decay)
    let (averageRate, gradientRate) = (step.averageRate, step.gradientRate)
    let (rootFactor, epsilon) = (step.rootFactor, step.epsilon)
    if largest.isEmpty {
      for i in 0..<count {
        let w = weights[unchecked: i]
        let g = gradient[unchecked: i] + penalty * w
        let m = beta1 * average[unchecked: i] + share1 * g
        let v = beta2 * square[unchecked: i] + share2 * g * g
        average[unchecked: i] = m
        square[unchecked: i] = v
        weights[unchecked: i] =
          keep * w - (averageRate * m + gradientRate * g) / (rootFactor * v.squareRoot() + epsilon)
      }
      return
    }
    require(largest.count >= count)
    for i in 0..<count {
      let w = weights[unchecked: i]
      let g = gradient[unchecked: i] + penalty * w
      let m = beta1 * average[unchecked: i] + share1 * g
      let v = beta2 * square[unchecked: i] + share2 * g * g
      let s = v > largest[unchecked: i] ? v : largest[unchecked: i]
      average[unchecked: i] = m
      square[unchecked: i] = v
      largest[unchecked: i] = s
      weights[unchecked: i] =
        keep * w - (averageRate * m + gradientRate * g) / (rootFactor * s.squareRoot() + epsilon)
    }
  }

  /// Eight sums side by side.
  public func sumOfSquares(_ x: Span<Float>) -> Double {
    var lanes = SIMD8<Double>.zero
    var i = 0
    while i + 8 <= x.count {
      var next = SIMD8<Float>.zero
      for lane in 0..<8 { next[lane] = x[unchecked: i &+ lane] }
      let wide = SIMD8<Double>(next)
      lanes += wide * wide
      i += 8
    }
    var sum = lanes.sum()
    while i < x.count {
      sum += Double(x[unchecked: i]) * Double(x[unchecked: i])
      i += 1
    }
    return sum
  }

  /// The reference without a check an element.
  public func blend(_ x: Span<Float>, into a: inout MutableSpan<Float>, share: Float) {
    require(x.count >= a.count)
    for i in 0..<a.count { a[unchecked: i] += share * (x[unchecked: i] - a[unchecked: i]) }
  }

  /// The reference without a check an element.
  public func scale(_ x: inout MutableSpan<Float>, by factor: Float) {
    for i in 0..<x.count { x[unchecked: i] *= factor }
  }
}
