/// Losses that are computed together with the function before them, because only then are they stable.
public protocol LossKernels {
  /// losses[n] = log sum exp(x[n]) - x[n, label], and gradient[n] = softmax(x[n]) - one at the label.
  ///
  /// - Parameters:
  ///   - logits: [N, K].
  ///   - labels: N class indices below K.
  func crossEntropy(
    _ logits: Span<Float>, labels: Span<Int32>, losses: inout MutableSpan<Float>,
    gradient: inout MutableSpan<Float>,
    classes: Int)

  /// losses[i] = max(x, 0) - x t + log(1 + exp(-|x|)), and gradient[i] = sigmoid(x) - t.
  ///
  /// - Parameters:
  ///   - logits: x, any number of them.
  ///   - targets: t in 0...1, as many.
  func binaryCrossEntropy(
    _ logits: Span<Float>, targets: Span<Float>, losses: inout MutableSpan<Float>,
    gradient: inout MutableSpan<Float>)

  /// losses[i] = -(t log p + (1 - t) log(1 - p)), each logarithm at least -100, and gradient[i] =
  /// (p - t) / (p (1 - p)), the divisor at least 1e-12.
  ///
  /// - Parameters:
  ///   - probabilities: p in 0...1, any number of them.
  ///   - targets: t in 0...1, as many.
  func binaryCrossEntropy(
    probabilities: Span<Float>, targets: Span<Float>, losses: inout MutableSpan<Float>,
    gradient: inout MutableSpan<Float>)
}
