import Foundation
import Kernels

/// Adam with Nesterov's look ahead.
///
/// Dozat, "Incorporating Nesterov Momentum into Adam", 2016; as PyTorch computes it, with the momentum
/// mu_t = beta1 (1 - 0.96^(t momentumDecay) / 2), m and v as in `Adam`, and P_t = mu_1 mu_2 ... mu_t:
/// w -= rate ((1 - mu_t) / (1 - P_t) g' + mu_(t+1) / (1 - P_(t+1)) m) / (sqrt(v / (1 - beta2^t)) + epsilon).
public final class NAdam: Optimizer {
  /// The factor of the next step.
  public var learningRate: Float
  private let epsilon: Float
  private let momentumDecay: Double
  private let isDecoupled: Bool
  private let arena: ParameterArena
  private let moments: AdamMoments
  private let products: SlotBuffers

  /// An optimiser of `parameters`, which it moves into one block; `groups` learn otherwise than the rest.
  ///
  /// With `decoupledWeightDecay` the decay is taken from the weights as in `AdamW`, else it joins the gradient.
  public init(
    _ parameters: [(name: String, parameter: Parameter)], learningRate: Float,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Float = 1e-8, weightDecay: Float = 0,
    momentumDecay: Double = 0.004, decoupledWeightDecay: Bool = false, groups: [ParameterGroup] = []
  ) {
    self.learningRate = learningRate
    self.epsilon = epsilon
    self.momentumDecay = momentumDecay
    isDecoupled = decoupledWeightDecay
    arena = ParameterArena(packing: parameters, weightDecay: weightDecay, groups: groups)
    moments = AdamMoments(arena, betas: betas)
    products = SlotBuffers("mu_product", arena.slots) { _ in Buffer(Tensor(1)) }
  }

  /// Changes every parameter that has a gradient, and its averages.
  public func update(with gradients: Gradients) {
    arena.update(with: gradients) { slot, weights, gradient in
      let (t, _, missing2) = moments.next(slot)
      let (mu, nextMu) = (momentum(t), momentum(t + 1))
      let product = products.memory(slot)
      product[0] *= Float(mu)
      let rate = learningRate * slot.rateFactor
      let step = AdamStep(
        beta1: moments.beta1, beta2: moments.beta2,
        averageRate: Double(rate) * nextMu / (1 - Double(product[0]) * nextMu),
        gradientRate: Double(rate) * (1 - mu) / (1 - Double(product[0])),
        rootFactor: 1 / missing2.squareRoot(), epsilon: epsilon,
        penalty: isDecoupled ? 0 : slot.weightDecay, decay: isDecoupled ? rate * slot.weightDecay : 0)
      moments.apply(step, to: &weights, slot, gradient: gradient)
    }
  }

  private func momentum(_ t: Double) -> Double { moments.beta1 * (1 - pow(0.96, t * momentumDecay) / 2) }

  /// `exp_avg`, `exp_avg_sq`, the number of steps and `mu_product` of every parameter.
  public func state() -> [(name: String, buffer: Buffer)] { moments.state + products.state }
}
