import Foundation
import Kernels
import Utils

/// What Adam and its relatives keep of the gradients: running averages of g (first moment) and of g^2
/// (second), and how many steps each parameter has taken.
struct AdamMoments {
  let beta1, beta2: Double
  private let averages, squares, largest, steps: SlotBuffers

  init(_ arena: ParameterArena, betas: (Double, Double), keepsLargest: Bool = false) {
    require(
      0 <= betas.0 && betas.0 < 1 && 0 <= betas.1 && betas.1 < 1,
      "the betas of Adam lie in 0..<1, got \(betas)")
    (beta1, beta2) = betas
    averages = SlotBuffers("exp_avg", arena)
    squares = SlotBuffers("exp_avg_sq", arena)
    largest = SlotBuffers("max_exp_avg_sq", arena, isKept: keepsLargest)
    steps = SlotBuffers(counting: "step", arena)
  }

  /// Counts a step of `slot`: its number from 1, and what the averages still lack, having begun at 0:
  /// 1 - beta^t for both.
  func next(_ slot: ParameterArena.Slot) -> (t: Double, missing1: Double, missing2: Double) {
    let t = Double(steps.next(slot))
    return (t, 1 - pow(beta1, t), 1 - pow(beta2, t))
  }

  /// Runs the step on a slot's weights and averages.
  func apply(
    _ step: AdamStep, to weights: inout MutableSpan<Float>, _ slot: ParameterArena.Slot,
    gradient: Span<Float>
  ) {
    var average = averages.memory(slot).mutableSpan
    var square = squares.memory(slot).mutableSpan
    var maximum = largest.memory(slot).mutableSpan
    Kernels.chosen.adam(
      &weights, gradient: gradient, average: &average, square: &square, largest: &maximum, step)
  }

  var state: [(name: String, buffer: Buffer)] {
    averages.state + squares.state + largest.state + steps.state
  }
}
