import Kernels
import Utils

/// The mean over the samples of log sum exp(x) - x at the label: the negative log likelihood of softmax(x).
///
/// Derivative: dx = g (softmax(x) - one at the label) / N, where nothing is weighted, ignored or smoothed; then it is
/// put together from those of `logSoftmax` and `negativeLogLikelihood`.
///
/// - Parameters:
///   - logits: x [N, K], or [N, K, ...] for a label at every place of an image.
///   - labels: [N] or [N, ...], each below K or `ignored`; traps otherwise.
///   - weights: [K], how much a sample of each class counts; the mean divides by the sum of the weights.
///   - ignored: the label of samples that do not count.
///   - smoothing: the share of the target that is spread evenly over all classes (Szegedy et al. 2015, §7).
/// - Returns: a scalar in nats, or the shape of the labels without reduction.
public func crossEntropy(
  _ logits: Tensor, _ labels: IndexTensor, weights: Tensor? = nil, ignoring ignored: Int32? = nil,
  smoothing: Float = 0, reduction: LossReduction = .mean
) -> Tensor {
  checkLabels(labels, of: logits.shape, ignoring: ignored, "crossEntropy")
  guard logits.shape.count == 2, weights == nil, ignored == nil, smoothing == 0, reduction == .mean else {
    return labelLoss(logSoftmax(logits, over: 1), labels, weights, ignored, smoothing, reduction)
  }
  return meanLoss(of: logits, count: labels.count) { x, losses, gradient in
    Kernels.chosen.crossEntropy(
      x, labels: labels.elements.span, losses: &losses, gradient: &gradient, classes: logits.shape[1])
  }
}

/// The mean of p t log(1 + exp(-x)) + (1 - t) log(1 + exp(x)): the negative log likelihood of sigmoid(x).
///
/// Derivative: dx = g (sigmoid(x) - t) / count, for p = 1.
///
/// - Parameters:
///   - logits: x of any shape.
///   - targets: t of the same shape, each in 0...1.
///   - positiveWeights: p, how much a target of 1 counts; broadcast against x; 1 when nil.
/// - Returns: a scalar in nats, or the shape of x without reduction.
public func binaryCrossEntropyWithLogits(
  _ logits: Tensor, _ targets: Tensor, positiveWeights: Tensor? = nil, reduction: LossReduction = .mean
) -> Tensor {
  require(
    logits.shape == targets.shape,
    "binaryCrossEntropyWithLogits: logits \(logits.shape) and targets \(targets.shape) differ")
  guard positiveWeights == nil, reduction == .mean else {
    let positive = positiveWeights.map { targets * $0 } ?? targets
    return (positive * softplus(-logits) + (1 - targets) * softplus(logits)).reduced(reduction)
  }
  return meanLoss(of: logits, count: logits.count) { x, losses, gradient in
    targets.withSpan {
      Kernels.chosen.binaryCrossEntropy(x, targets: $0, losses: &losses, gradient: &gradient)
    }
  }
}

/// The mean of losses whose gradient is computed with them; NaN of none, as in PyTorch.
func meanLoss(
  of x: Tensor, count: Int, op: StaticString = #function,
  _ compute: (Span<Float>, inout MutableSpan<Float>, inout MutableSpan<Float>) -> Void
) -> Tensor {
  let losses = Storage(uninitialized: count)
  let gradient = Tensor(shape: x.shape) { gradient in
    var span = UnsafeMutableBufferPointer(start: losses.start, count: count).mutableSpan
    x.withSpan { compute($0, &span, &gradient) }
    Kernels.chosen.scale(&gradient, by: 1 / Float(count))
  }
  let sum = reduceSum(Tensor(shape: [count], storage: losses), over: 0, keepingDimension: false)
  return record(Tensor(sum.scalar / Float(count)), from: x, function: op) { g in
    [g.scalar == 1 ? gradient : gradient * g.scalar]
  }
}
