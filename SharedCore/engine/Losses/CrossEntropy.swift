import Kernels
import Utils

/// The mean over the samples of log sum exp(x) - x at the label: the negative log likelihood of softmax(x).
///
/// Derivative: dx = g (softmax(x) - one at the label) / N.
///
/// - Parameters:
///   - logits: x [N, K].
///   - labels: [N], each below K; traps otherwise.
/// - Returns: a scalar in nats.
public func crossEntropy(_ logits: Tensor, _ labels: IndexTensor) -> Tensor {
  require(
    logits.shape.count == 2 && labels.shape == [logits.shape[0]],
    "crossEntropy: logits \(logits.shape) and labels \(labels.shape) do not fit")
  let classes = logits.shape[1]
  for (n, label) in labels.elements.enumerated() where label < 0 || label >= classes {
    trap("crossEntropy: label \(label) of sample \(n) is not one of \(classes) classes")
  }
  return meanLoss(of: logits, count: labels.count) { x, losses, gradient in
    Kernels.chosen.crossEntropy(
      x, labels: labels.elements.span, losses: &losses, gradient: &gradient, classes: classes)
  }
}

/// The mean of max(x, 0) - x t + log(1 + exp(-|x|)): the negative log likelihood of sigmoid(x).
///
/// Derivative: dx = g (sigmoid(x) - t) / count.
///
/// - Parameters:
///   - logits: x of any shape.
///   - targets: t of the same shape, each in 0...1.
/// - Returns: a scalar in nats.
public func binaryCrossEntropyWithLogits(_ logits: Tensor, _ targets: Tensor) -> Tensor {
  require(
    logits.shape == targets.shape,
    "binaryCrossEntropyWithLogits: logits \(logits.shape) and targets \(targets.shape) differ")
  return meanLoss(of: logits, count: logits.count) { x, losses, gradient in
    targets.withSpan {
      Kernels.chosen.binaryCrossEntropy(x, targets: $0, losses: &losses, gradient: &gradient)
    }
  }
}

/// The mean of losses whose gradient is computed with them; NaN of none, as in PyTorch.
private func meanLoss(
  of logits: Tensor, count: Int,
  _ compute: (Span<Float>, inout MutableSpan<Float>, inout MutableSpan<Float>) -> Void
) -> Tensor {
  var losses = [Float](repeating: 0, count: count)
  let gradient = Tensor(shape: logits.shape) { gradient in
    var lossSpan = losses.mutableSpan
    logits.withSpan { compute($0, &lossSpan, &gradient) }
  }
  let mean = losses.reduce(0.0) { $0 + Double($1) } / Double(count)
  return record(Tensor(Float(mean)), from: logits) { g in [gradient * (g.scalar / Float(count))] }
}
