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
}
