import Kernels

/// Adadelta: the ratio of the average change to the average gradient takes the place of a learning rate.
///
/// Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012; as PyTorch computes it: g' = g + decay w;
/// v = smoothing v + (1 - smoothing) g'^2; d = sqrt(u + epsilon) / sqrt(v + epsilon) g';
/// u = smoothing u + (1 - smoothing) d^2; w -= rate d.
public final class Adadelta: Optimizer {
  /// The factor of the next step, 1 in the paper.
  public var learningRate: Float
  private let smoothing, epsilon: Float
  private let arena: ParameterArena
  private let squares, changes: SlotBuffers

  /// An optimiser of `parameters`, which it moves into one block; `groups` learn otherwise than the rest.
  public init(
    _ parameters: [(name: String, parameter: Parameter)], learningRate: Float = 1, smoothing: Float = 0.9,
    epsilon: Float = 1e-6, weightDecay: Float = 0, groups: [ParameterGroup] = []
  ) {
    self.learningRate = learningRate
    self.smoothing = smoothing
    self.epsilon = epsilon
    arena = ParameterArena(packing: parameters, weightDecay: weightDecay, groups: groups)
    squares = SlotBuffers("square_avg", arena)
    changes = SlotBuffers("acc_delta", arena)
  }

  /// Changes every parameter that has a gradient, and its averages.
  public func update(with gradients: Gradients) {
    arena.update(with: gradients) { slot, weights, gradient in
      var square = squares.memory(slot).mutableSpan
      var change = changes.memory(slot).mutableSpan
      let step = AdadeltaStep(
        learningRate: learningRate * slot.rateFactor, smoothing: smoothing, epsilon: epsilon,
        weightDecay: slot.weightDecay)
      Kernels.chosen.adadelta(&weights, gradient: gradient, square: &square, change: &change, step)
    }
  }

  /// `square_avg` and `acc_delta` of every parameter.
  public func state() -> [(name: String, buffer: Buffer)] { squares.state + changes.state }
}
