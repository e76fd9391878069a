import Kernels
import Utils

/// The mean of -(t log p + (1 - t) log(1 - p)) for probabilities p; logarithms are at least -100, as in PyTorch.
///
/// Derivative: dp = g (p - t) / (p (1 - p)), the divisor at least 1e-12.
///
/// - Parameters:
///   - probabilities: p of any shape, each in 0...1.
///   - targets: t of the same shape, each in 0...1.
/// - Returns: a scalar in nats, or the shape of p without reduction.
public func binaryCrossEntropy(
  _ probabilities: Tensor, _ targets: Tensor, reduction: LossReduction = .mean
) -> Tensor {
  let (p, t) = (probabilities, targets)
  require(p.shape == t.shape, "binaryCrossEntropy: probabilities \(p.shape) and targets \(t.shape) differ")
  requireProbabilities(p)
  let slopes = Storage(uninitialized: p.count)
  let losses = Tensor(shape: p.shape) { losses in
    var span = UnsafeMutableBufferPointer(start: slopes.start, count: p.count).mutableSpan
    withSpans(p, t) {
      Kernels.chosen.binaryCrossEntropy(probabilities: $0, targets: $1, losses: &losses, gradient: &span)
    }
  }
  let gradient = Tensor(shape: p.shape, storage: slopes)
  return record(losses, from: p) { g in [combine(.multiply, g, gradient)] }.reduced(reduction)
}

private func requireProbabilities(_ p: Tensor) {
  let outside = p.withSpan { p in
    var outside = 0
    for i in 0..<p.count { outside += p[unchecked: i] < 0 || p[unchecked: i] > 1 ? 1 : 0 }
    return outside
  }
  require(
    outside == 0,
    "binaryCrossEntropy: a probability is outside of 0...1; logits have binaryCrossEntropyWithLogits")
}

/// Binary cross entropy in which easy samples count less: a (1 - q)^gamma times it, with q = sigmoid(x) the probability
/// of the target and a = alpha for targets 1, 1 - alpha for targets 0 (Lin et al., "Focal Loss", 2017, §3).
///
/// - Parameters:
///   - logits: x of any shape.
///   - targets: of the same shape, each in 0...1.
///   - alpha: nil for a = 1.
/// - Returns: a scalar in nats, or the shape of x without reduction.
public func sigmoidFocal(
  _ logits: Tensor, _ targets: Tensor, alpha: Float? = 0.25, gamma: Float = 2,
  reduction: LossReduction = .mean
) -> Tensor {
  let losses = binaryCrossEntropyWithLogits(logits, targets, reduction: .none)
  let wrong = sigmoid(logits) * (1 - targets) + sigmoid(-logits) * targets  // 1 - q, without cancellation
  let focused = losses * pow(clamp(wrong, lower: .leastNormalMagnitude), gamma)
  guard let alpha else { return focused.reduced(reduction) }
  return (focused * (targets * (2 * alpha - 1) + (1 - alpha))).reduced(reduction)
}

/// x where the target is 1, max(margin - x, 0) where it is -1: distances of pairs that belong together or do not.
///
/// Derivative: g where the target is 1, -g where it is -1 and x below the margin.
public func hingeEmbedding(
  _ x: Tensor, _ targets: Tensor, margin: Float = 1, reduction: LossReduction = .mean
) -> Tensor {
  require(
    x.shape == targets.shape, "hingeEmbedding: distances \(x.shape) and targets \(targets.shape) differ")
  return select(x, where: Mask(of: targets) { $0 == 1 }, else: relu(margin - x)).reduced(reduction)
}
