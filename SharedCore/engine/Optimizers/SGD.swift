import Kernels
import Utils

/// Stochastic gradient descent with momentum.
///
/// Polyak 1964; Nesterov 1983; Sutskever et al. 2013; as PyTorch computes it: g' = g + decay w;
/// v = momentum v + (1 - dampening) g'; w -= rate v, or rate (g' + momentum v) with Nesterov.
public final class SGD: Optimizer {
  /// The factor of the next step.
  public var learningRate: Float
  /// Factors of the update.
  public let momentum, dampening: Float
  /// Look ahead along the velocity.
  public let nesterov: Bool
  private let arena: ParameterArena
  private let velocities, started: SlotBuffers

  /// An optimiser of `parameters`, which it moves into one block; `groups` learn otherwise than the rest.
  public init(
    _ parameters: [(name: String, parameter: Parameter)], learningRate: Float, momentum: Float = 0,
    dampening: Float = 0, weightDecay: Float = 0, nesterov: Bool = false, groups: [ParameterGroup] = []
  ) {
    require(!nesterov || (momentum > 0 && dampening == 0), "Nesterov needs a momentum and no dampening")
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.nesterov = nesterov
    arena = ParameterArena(packing: parameters, weightDecay: weightDecay, groups: groups)
    velocities = SlotBuffers("velocity", arena, isKept: momentum != 0)
    started = SlotBuffers(counting: "started", arena, isKept: momentum != 0)
  }

  /// Changes every parameter that has a gradient, and its velocity.
  public func update(with gradients: Gradients) {
    arena.update(with: gradients) { slot, weights, gradient in
      var velocity = velocities.memory(slot).mutableSpan
      let step = SGDStep(
        learningRate: learningRate * slot.rateFactor, momentum: momentum, dampening: dampening,
        weightDecay: slot.weightDecay, nesterov: nesterov,
        isFirst: momentum != 0 && started[slot].integer == 0)
      Kernels.chosen.sgd(&weights, gradient: gradient, velocity: &velocity, step)
      if step.isFirst { started[slot].contents = .integer(1) }
    }
  }

  /// The velocities, and whether each has begun; nothing without momentum.
  public func state() -> [(name: String, buffer: Buffer)] { velocities.state + started.state }
}
