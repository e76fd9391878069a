import Kernels

/// RMSprop: each weight's gradient over the root of its average square.
///
/// Tieleman and Hinton, "Neural Networks for Machine Learning", lecture 6.5, 2012; centred: Graves,
/// "Generating Sequences with Recurrent Neural Networks", 2013; as PyTorch computes it: g' = g + decay w;
/// v = smoothing v + (1 - smoothing) g'^2; u = g' / (sqrt(v) + epsilon), or over sqrt(v - m^2) with m the
/// average of g'; b = momentum b + u; w -= rate b.
public final class RMSprop: Optimizer {
  /// The factor of the next step.
  public var learningRate: Float
  private let smoothing, epsilon, momentum: Float
  private let arena: ParameterArena
  private let squares, averages, velocities: SlotBuffers

  /// An optimiser of `parameters`, which it moves into one block; `groups` learn otherwise than the rest.
  public init(
    _ parameters: [(name: String, parameter: Parameter)], learningRate: Float, smoothing: Float = 0.99,
    epsilon: Float = 1e-8, weightDecay: Float = 0, momentum: Float = 0, centered: Bool = false,
    groups: [ParameterGroup] = []
  ) {
    self.learningRate = learningRate
    self.smoothing = smoothing
    self.epsilon = epsilon
    self.momentum = momentum
    arena = ParameterArena(packing: parameters, weightDecay: weightDecay, groups: groups)
    squares = SlotBuffers("square_avg", arena)
    averages = SlotBuffers("grad_avg", arena, isKept: centered)
    velocities = SlotBuffers("momentum_buffer", arena, isKept: momentum != 0)
  }

  /// Changes every parameter that has a gradient, and its averages.
  public func update(with gradients: Gradients) {
    arena.update(with: gradients) { slot, weights, gradient in
      var square = squares.memory(slot).mutableSpan
      var average = averages.memory(slot).mutableSpan
      var velocity = velocities.memory(slot).mutableSpan
      let step = RMSpropStep(
        learningRate: learningRate * slot.rateFactor, smoothing: smoothing, epsilon: epsilon,
        momentum: momentum, weightDecay: slot.weightDecay)
      Kernels.chosen.rmsprop(
        &weights, gradient: gradient, square: &square, average: &average, velocity: &velocity, step)
    }
  }

  /// `square_avg`, where centred `grad_avg`, with momentum `momentum_buffer`, of every parameter.
  public func state() -> [(name: String, buffer: Buffer)] {
    squares.state + averages.state + velocities.state
  }
}
