import Kernels

/// Adagrad: each weight's rate falls with the squares of all its gradients so far.
///
/// Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization",
/// 2011; as PyTorch computes it: g' = g + decay w; s += g'^2;
/// w -= rate / (1 + (t - 1) rateDecay) g' / (sqrt(s) + epsilon).
public final class Adagrad: Optimizer {
  /// The factor of the next step.
  public var learningRate: Float
  private let rateDecay, epsilon: Float
  private let arena: ParameterArena
  private let sums, steps: SlotBuffers

  /// An optimiser of `parameters`, which it moves into one block; `groups` learn otherwise than the rest.
  public init(
    _ parameters: [(name: String, parameter: Parameter)], learningRate: Float, rateDecay: Float = 0,
    epsilon: Float = 1e-10, weightDecay: Float = 0, initialSum: Float = 0, groups: [ParameterGroup] = []
  ) {
    self.learningRate = learningRate
    self.rateDecay = rateDecay
    self.epsilon = epsilon
    arena = ParameterArena(packing: parameters, weightDecay: weightDecay, groups: groups)
    sums = SlotBuffers("sum", arena, repeating: initialSum)
    steps = SlotBuffers(counting: "step", arena)
  }

  /// Changes every parameter that has a gradient, and its sum.
  public func update(with gradients: Gradients) {
    arena.update(with: gradients) { slot, weights, gradient in
      var sum = sums.memory(slot).mutableSpan
      let slowdown = 1 + Float(steps.next(slot) - 1) * rateDecay
      let step = AdagradStep(
        learningRate: learningRate * slot.rateFactor / slowdown, epsilon: epsilon,
        weightDecay: slot.weightDecay)
      Kernels.chosen.adagrad(&weights, gradient: gradient, sum: &sum, step)
    }
  }

  /// `sum` and the number of steps of every parameter.
  public func state() -> [(name: String, buffer: Buffer)] { sums.state + steps.state }
}
