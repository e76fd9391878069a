import Kernels
import Utils

/// Stochastic gradient descent with momentum (Polyak 1964; Nesterov 1983; Sutskever et al.
///
/// 2013), as PyTorch computes it: g' = g + decay w; v = momentum v + (1 - dampening) g'; w -= rate v, or
/// rate (g' + momentum v) with Nesterov.
public final class SGD: Optimizer {
  /// The factor of the next step.
  public var learningRate: Float
  /// Factors of the update.
  public let momentum, dampening, weightDecay: Float
  /// Look ahead along the velocity.
  public let nesterov: Bool
  private let arena: ParameterArena
  private let velocities: [Buffer]
  private let started: [Buffer]

  /// An optimiser of `parameters`, which it moves into one block of memory.
  public init(
    _ parameters: [(name: String, parameter: Parameter)], learningRate: Float, momentum: Float = 0,
    dampening: Float = 0, weightDecay: Float = 0, nesterov: Bool = false
  ) {
    require(!nesterov || (momentum > 0 && dampening == 0), "Nesterov needs a momentum and no dampening")
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    self.nesterov = nesterov
    arena = ParameterArena(packing: parameters)
    let slots = momentum == 0 ? [] : arena.parameters
    velocities = slots.map { Buffer(Tensor(repeating: 0, shape: $0.parameter.shape)) }
    started = slots.map { _ in Buffer(0) }
  }

  /// Changes every parameter that has a gradient, and its velocity.
  public func update(with gradients: Gradients) {
    for (slot, (_, parameter)) in arena.parameters.enumerated() {
      guard let gradient = gradients[parameter] else { continue }
      parameter.update { weights in
        gradient.withSpan { gradient in
          guard momentum > 0 else {
            var none = MutableSpan<Float>()
            return Kernels.chosen.sgd(&weights, gradient: gradient, velocity: &none, step(isFirst: false))
          }
          let velocity = velocities[slot].tensor
          var span = UnsafeMutableBufferPointer(start: velocity.storage.start, count: velocity.count)
            .mutableSpan
          let isFirst = if case .integer(0) = started[slot].contents { true } else { false }
          Kernels.chosen.sgd(&weights, gradient: gradient, velocity: &span, step(isFirst: isFirst))
          started[slot].contents = .integer(1)
        }
      }
    }
  }

  private func step(isFirst: Bool) -> SGDStep {
    SGDStep(
      learningRate: learningRate, momentum: momentum, dampening: dampening, weightDecay: weightDecay,
      nesterov: nesterov, isFirst: isFirst)
  }

  /// The velocities, and whether each has begun; nothing without momentum.
  public func state() -> [(name: String, buffer: Buffer)] {
    guard momentum > 0 else { return [] }
    return arena.parameters.enumerated().flatMap { slot, entry in
      [("velocity.\(entry.name)", velocities[slot]), ("started.\(entry.name)", started[slot])]
    }
  }
}
