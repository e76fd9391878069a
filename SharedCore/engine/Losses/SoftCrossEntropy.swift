import Utils

/// The mean over the samples of -sum t log softmax(x): cross entropy against probabilities, of mixed samples or of a
/// teacher.
///
/// Derivative: dx = g (softmax(x) sum t - t) / N.
///
/// - Parameters:
///   - logits: x [N, K], or [N, K, ...] for probabilities at every place of an image.
///   - probabilities: t of the same shape; those of a sample add up to 1.
///   - smoothing: the share of the target that is spread evenly over all classes (Szegedy et al. 2015, §7).
/// - Returns: a scalar in nats, or [N, ...] without reduction.
public func crossEntropy(
  _ logits: Tensor, probabilities: Tensor, smoothing: Float = 0, reduction: LossReduction = .mean
) -> Tensor {
  require(
    logits.shape == probabilities.shape && logits.shape.count >= 2,
    "crossEntropy: logits \(logits.shape) and probabilities \(probabilities.shape) differ, or are no [N, K]")
  let classes = Float(logits.shape[1])
  let targets = smoothing > 0 ? probabilities * (1 - smoothing) + smoothing / classes : probabilities
  return (-(logSoftmax(logits, over: 1) * targets).sum(over: 1)).reduced(reduction)
}
