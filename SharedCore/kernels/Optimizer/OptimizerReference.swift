extension OptimizerKernels {
  /// One weight after the other, as the contract's formula says.
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
}
