/// Softmax and its logarithm over rows of K numbers.
public protocol SoftmaxKernels {
  /// y = exp(x) / sum exp(x) in every row of `width` numbers.
  func softmax(_ x: Span<Float>, into y: inout MutableSpan<Float>, width: Int)

  /// dx = y (g - sum g y) in every row, where y is the softmax.
  func softmaxGradient(_ g: Span<Float>, y: Span<Float>, into dx: inout MutableSpan<Float>, width: Int)

  /// y = x - log sum exp(x) in every row of `width` numbers.
  func logSoftmax(_ x: Span<Float>, into y: inout MutableSpan<Float>, width: Int)

  /// dx = g - exp(y) sum g in every row, where y is the logarithm of the softmax.
  func logSoftmaxGradient(_ g: Span<Float>, y: Span<Float>, into dx: inout MutableSpan<Float>, width: Int)
}
