import Kernels

/// Adam that waits until the average square can be trusted: a warm-up by theory.
///
/// Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond", 2020; as PyTorch computes it, m
/// and v as in `Adam`: rho = 2 / (1 - beta2) - 1, rho_t = rho - 2 t beta2^t / (1 - beta2^t). While rho_t <= 5,
/// w -= rate m / (1 - beta1^t); then w -= rate r m / (1 - beta1^t) sqrt(1 - beta2^t) / (sqrt(v) + epsilon) with
/// r^2 = (rho_t - 4)(rho_t - 2) rho / ((rho - 4)(rho - 2) rho_t).
public final class RAdam: Optimizer {
  /// The factor of the next step.
  public var learningRate: Float
  private let epsilon: Float
  private let isDecoupled: Bool
  private let arena: ParameterArena
  private let moments: AdamMoments

  /// An optimiser of `parameters`, which it moves into one block; `groups` learn otherwise than the rest.
  ///
  /// With `decoupledWeightDecay` the decay is taken from the weights as in `AdamW`, else it joins the gradient.
  public init(
    _ parameters: [(name: String, parameter: Parameter)], learningRate: Float,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Float = 1e-8, weightDecay: Float = 0,
    decoupledWeightDecay: Bool = false, groups: [ParameterGroup] = []
  ) {
    self.learningRate = learningRate
    self.epsilon = epsilon
    isDecoupled = decoupledWeightDecay
    arena = ParameterArena(packing: parameters, weightDecay: weightDecay, groups: groups)
    moments = AdamMoments(arena, betas: betas)
  }

  /// Changes every parameter that has a gradient, and its averages.
  public func update(with gradients: Gradients) {
    arena.update(with: gradients) { slot, weights, gradient in
      let (t, missing1, missing2) = moments.next(slot)
      let rate = learningRate * slot.rateFactor
      let trust = trust(t, missing2)
      let step = AdamStep(
        beta1: moments.beta1, beta2: moments.beta2,
        averageRate: Double(rate) / missing1 * (trust ?? 1) * (trust == nil ? 1 : missing2.squareRoot()),
        rootFactor: trust == nil ? 0 : 1, epsilon: trust == nil ? 1 : epsilon,
        penalty: isDecoupled ? 0 : slot.weightDecay, decay: isDecoupled ? rate * slot.weightDecay : 0)
      moments.apply(step, to: &weights, slot, gradient: gradient)
    }
  }

  /// The factor r of the rectified step; nil while the average square is of too few gradients to divide by.
  private func trust(_ t: Double, _ missing2: Double) -> Double? {
    let rho = 2 / (1 - moments.beta2) - 1
    let rhoT = rho - 2 * t * (1 - missing2) / missing2
    guard rhoT > 5 else { return nil }
    return ((rhoT - 4) * (rhoT - 2) * rho / ((rho - 4) * (rho - 2) * rhoT)).squareRoot()
  }

  /// `exp_avg`, `exp_avg_sq` and the number of steps of every parameter.
  public func state() -> [(name: String, buffer: Buffer)] { moments.state }
}
