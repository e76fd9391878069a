import Kernels
import Utils

/// Every element set to 0 with a probability, and the others divided by 1 - probability: their mean stays.
///
/// Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: A Simple Way to Prevent Neural Networks from
/// Overfitting", 2014, §4; departure: scaled in training (§10), so that evaluation has nothing to do. In evaluation the
/// result is x. Training without `Randomness` traps: `withMode(.training, randomness:)` or a `Trainer` gives it.
///
/// Derivative: dx = g / (1 - probability) where x was kept, 0 elsewhere; the mask is not stored but drawn again.
///
/// - Parameter probability: 0...1; of 1 nothing is left.
public func dropout(_ x: Tensor, _ probability: Float) -> Tensor {
  guard let pattern = nextDropoutPattern("dropout", probability) else { return x }
  return record(dropped(x, pattern), from: x) { g in [dropped(g, pattern)] }
}

/// What stochastic depth drops as one.
public enum StochasticDepthMode: Sendable {
  /// Each sample of its own.
  case row
  /// The whole batch.
  case batch
}

/// A branch of a network left out at random for a sample or a batch, and divided by 1 - probability where it stays.
///
/// Huang, Sun, Liu, Sedra and Weinberger, "Deep Networks with Stochastic Depth", 2016, §3; scaled in training, as
/// torchvision computes it. In evaluation the result is x.
///
/// Derivative: dx = g / (1 - probability) where x was kept, 0 elsewhere.
///
/// - Parameters:
///   - x: [N, ...], what the branch adds.
///   - probability: 0...1.
public func stochasticDepth(
  _ x: Tensor, _ probability: Float, mode: StochasticDepthMode = .row
) -> Tensor {
  require(!x.shape.isEmpty, "stochasticDepth: a scalar has no samples")
  guard let pattern = nextDropoutPattern("stochasticDepth", probability) else { return x }
  var sizes = [Int](repeating: 1, count: x.shape.count)
  if mode == .row { sizes[0] = x.shape[0] }
  return x * dropped(Tensor(repeating: 1, shape: Shape(sizes)), pattern)
}

/// The pattern of the pass's next draw; nil when nothing is dropped.
func nextDropoutPattern(_ op: String, _ probability: Float) -> DropoutPattern? {
  require(0 <= probability && probability <= 1, "\(op): a probability lies in 0...1, got \(probability)")
  guard ForwardContext.current.mode == .training, probability > 0 else { return nil }
  return DropoutPattern(key: nextDrawKey(op), probability: probability)
}

/// The key of the pass's next draw.
func nextDrawKey(_ op: String) -> UInt64 {
  guard let draws = ForwardContext.current.draws else {
    trap("\(op): training needs random numbers: say withMode(.training, randomness: Randomness(seed:step:))")
  }
  return draws.next()
}

private func dropped(_ x: Tensor, _ pattern: DropoutPattern) -> Tensor {
  Tensor(shape: x.shape) { y in x.withSpan { Kernels.chosen.dropout($0, into: &y, pattern) } }
}
