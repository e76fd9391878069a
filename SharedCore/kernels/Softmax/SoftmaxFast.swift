import CVector
import Utils

/// The reference pass by pass, several narrow rows together so that the exponentials fill vector registers.
extension FastKernels {
  /// Subtract the largest, exponentials, divide by the sum.
  public func softmax(_ x: Span<Float>, into y: inout MutableSpan<Float>, width: Int) {
    require(x.count >= y.count && (width == 0 || y.count % width == 0))
    vector_softmax(x.address, y.address, rows(y.count, width), Int64(width))
  }

  /// Two passes a row.
  public func softmaxGradient(
    _ g: Span<Float>, y: Span<Float>, into dx: inout MutableSpan<Float>, width: Int
  ) {
    require(g.count >= dx.count && y.count >= dx.count && (width == 0 || dx.count % width == 0))
    vector_softmax_gradient(g.address, y.address, dx.address, rows(dx.count, width), Int64(width))
  }

  /// The exponentials are needed for their sum only.
  public func logSoftmax(_ x: Span<Float>, into y: inout MutableSpan<Float>, width: Int) {
    require(x.count >= y.count && (width == 0 || y.count % width == 0))
    vector_log_softmax(x.address, y.address, rows(y.count, width), Int64(width))
  }

  /// Two passes a row.
  public func logSoftmaxGradient(
    _ g: Span<Float>, y: Span<Float>, into dx: inout MutableSpan<Float>, width: Int
  ) {
    require(g.count >= dx.count && y.count >= dx.count && (width == 0 || dx.count % width == 0))
    vector_log_softmax_gradient(g.address, y.address, dx.address, rows(dx.count, width), Int64(width))
  }

  /// The gradient is made in the place of the exponentials.
  public func crossEntropy(
    _ logits: Span<Float>, labels: Span<Int32>, losses: inout MutableSpan<Float>,
    gradient: inout MutableSpan<Float>, classes: Int
  ) {
    let count = labels.count * classes
    require(logits.count >= count && gradient.count >= count && losses.count >= labels.count)
    labels.requireAll(below: classes)
    vector_cross_entropy(
      logits.address, labels.address, losses.address, gradient.address, Int64(labels.count), Int64(classes))
  }

  /// In the form in which no exponential can overflow.
  public func binaryCrossEntropy(
    _ logits: Span<Float>, targets: Span<Float>, losses: inout MutableSpan<Float>,
    gradient: inout MutableSpan<Float>
  ) {
    let count = logits.count
    require(targets.count >= count && losses.count >= count && gradient.count >= count)
    vector_binary_cross_entropy(
      logits.address, targets.address, losses.address, gradient.address, Int64(count))
  }

  /// Both logarithms in one pass.
  public func binaryCrossEntropy(
    probabilities: Span<Float>, targets: Span<Float>, losses: inout MutableSpan<Float>,
    gradient: inout MutableSpan<Float>
  ) {
    let count = probabilities.count
    require(targets.count >= count && losses.count >= count && gradient.count >= count)
    vector_binary_cross_entropy_of_probabilities(
      probabilities.address, targets.address, losses.address, gradient.address, Int64(count))
  }

  private func rows(_ count: Int, _ width: Int) -> Int64 { Int64(count / max(width, 1)) }
}
