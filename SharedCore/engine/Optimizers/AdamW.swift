import Kernels

/// Adam with weight decay apart from the gradient, so that its averages do not see it.
///
/// Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019; as PyTorch computes it:
/// w -= rate decay w, then Adam's step without a penalty.
public final class AdamW: Optimizer {
  /// The factor of the next step.
  public var learningRate: Float
  private let epsilon: Float
  private let arena: ParameterArena
  private let moments: AdamMoments

  /// An optimiser of `parameters`, which it moves into one block; `groups` learn otherwise than the rest.
  public init(
    _ parameters: [(name: String, parameter: Parameter)], learningRate: Float,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Float = 1e-8, weightDecay: Float = 0.01,
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
      let rate = learningRate * slot.rateFactor
      let step = AdamStep(
        beta1: moments.beta1, beta2: moments.beta2, averageRate: Double(rate) / missing1,
        rootFactor: 1 / missing2.squareRoot(), epsilon: epsilon, decay: rate * slot.weightDecay)
      moments.apply(step, to: &weights, slot, gradient: gradient)
    }
  }

  /// `exp_avg`, `exp_avg_sq`, with AMSGrad `max_exp_avg_sq`, and the number of steps of every parameter.
  public func state() -> [(name: String, buffer: Buffer)] { moments.state }
}
