import Foundation

extension SoftmaxKernels {
  /// y = exp(x - largest) / sum exp(x - largest) in every row.
  ///
  /// Three passes a row, each over neighbours while the row is in the cache: the largest, the exponentials and their sum,
  /// the division. An exponential and four operations an element.
  ///
  /// Subtracting the largest changes nothing in exact arithmetic and keeps every exponential at most 1. A row of
  /// nothing but -infinity has no softmax; it becomes NaN, as in PyTorch. Sums are in double precision.
  public func softmax(_ x: Span<Float>, into y: inout MutableSpan<Float>, width: Int) {
    for row in stride(from: 0, to: y.count, by: max(width, 1)) {
      var largest = -Float.infinity
      for i in row..<row + width { largest = max(largest, x[i]) }
      var sum = 0.0
      for i in row..<row + width {
        y[i] = exp(x[i] - largest)
        sum += Double(y[i])
      }
      for i in row..<row + width { y[i] /= Float(sum) }
    }
  }

  /// dx = y (g - sum g y). Two passes a row, the sum and then the formula: 4 operations an element.
  public func softmaxGradient(_ g: Span<Float>, y: Span<Float>, into dx: inout MutableSpan<Float>, width: Int)
  {
    for row in stride(from: 0, to: dx.count, by: max(width, 1)) {
      var product = 0.0
      for i in row..<row + width { product += Double(g[i]) * Double(y[i]) }
      for i in row..<row + width { dx[i] = y[i] * (g[i] - Float(product)) }
    }
  }

  /// y = (x - largest) - log sum exp(x - largest), in the passes of `softmax`: an exponential and five operations an
  /// element.
  ///
  /// The largest is subtracted before the logarithm: their sum would lose the logarithm where logits are large.
  public func logSoftmax(_ x: Span<Float>, into y: inout MutableSpan<Float>, width: Int) {
    for row in stride(from: 0, to: y.count, by: max(width, 1)) {
      var largest = -Float.infinity
      for i in row..<row + width { largest = max(largest, x[i]) }
      var sum = 0.0
      for i in row..<row + width { sum += Double(exp(x[i] - largest)) }
      let logSum = Float(log(sum))
      for i in row..<row + width { y[i] = (x[i] - largest) - logSum }
    }
  }

  /// dx = g - exp(y) sum g. Two passes a row: an exponential and three operations an element.
  public func logSoftmaxGradient(
    _ g: Span<Float>, y: Span<Float>, into dx: inout MutableSpan<Float>, width: Int
  ) {
    for row in stride(from: 0, to: dx.count, by: max(width, 1)) {
      var sum = 0.0
      for i in row..<row + width { sum += Double(g[i]) }
      for i in row..<row + width { dx[i] = g[i] - exp(y[i]) * Float(sum) }
    }
  }
}
