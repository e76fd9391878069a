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
}
