import Kernels

/// Adam: each weight's step is its average gradient over the root of its average square.
///
/// Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015; AMSGrad: Reddi, Kale and Kumar, "On the
/// Convergence of Adam and Beyond", 2018; as PyTorch computes it: g' = g + decay w;
/// m = beta1 m + (1 - beta1) g'; v = beta2 v + (1 - beta2) g'^2;
/// w -= rate m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon).
/// AMSGrad divides by the largest v so far. For decay apart from the gradient see `AdamW`.
public final class Adam: Optimizer {
  /// The factor of the next step.
  public var learningRate: Float
  private let epsilon: Float
  private let arena: ParameterArena
  private let moments: AdamMoments

  /// An optimiser of `parameters`, which it moves into one block; `groups` learn otherwise than the rest.
  public init(
    _ parameters: [(name: String, parameter: Parameter)], learningRate: Float,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Float = 1e-8, weightDecay: Float = 0,
    amsgrad: Bool = false, groups: [ParameterGroup] = []
  ) {
    self.learningRate = learningRate
    self.epsilon = epsilon
    arena = ParameterArena(packing: parameters, weightDecay: weightDecay, groups: groups)
    moments = AdamMoments(arena, betas: betas, keepsLargest: amsgrad)
  }

  /// Changes every parameter that has a gradient, and its averages.
  public func update(with gradients: Gradients) {
    arena.update(with: gradients) { slot, weights, gradient in
      let (_, missing1, missing2) = moments.next(slot)
      let rate = Double(learningRate * slot.rateFactor)
      let step = AdamStep(
        beta1: moments.beta1, beta2: moments.beta2, averageRate: rate / missing1,
        rootFactor: 1 / missing2.squareRoot(), epsilon: epsilon, penalty: slot.weightDecay)
      moments.apply(step, to: &weights, slot, gradient: gradient)
    }
  }

  /// `exp_avg`, `exp_avg_sq`, with AMSGrad `max_exp_avg_sq`, and the number of steps of every parameter.
  public func state() -> [(name: String, buffer: Buffer)] { moments.state }
}
