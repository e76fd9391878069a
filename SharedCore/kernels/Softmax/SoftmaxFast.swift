import Foundation
import Utils

/// The reference pass by pass, several narrow rows together so that the exponentials fill vector registers.
extension FastKernels {
  /// Blocks of rows: subtract the largest, exponentials, divide by the sum.
  public func softmax(_ x: Span<Float>, into y: inout MutableSpan<Float>, width: Int) {
    require(x.count >= y.count && (width == 0 || y.count % width == 0))
    for rows in Self.blocks(of: y.count, width) {
      for row in rows { _ = Self.subtractLargest(of: x, into: &y, row * width, width) }
      VectorMath.exponentiate(&y, in: rows.lowerBound * width..<rows.upperBound * width)
      for row in rows {
        let sum = Self.sum(of: y.span, row * width, width)
        for i in row * width..<(row + 1) * width { y[unchecked: i] /= sum }
      }
    }
  }

  /// Blocks of rows: the exponentials are needed for their sum only.
  public func logSoftmax(_ x: Span<Float>, into y: inout MutableSpan<Float>, width: Int) {
    require(x.count >= y.count && (width == 0 || y.count % width == 0))
    var largest = [Float](repeating: 0, count: Self.rowsAtOnce(width))
    for rows in Self.blocks(of: y.count, width) {
      for row in rows {
        largest[row - rows.lowerBound] = Self.subtractLargest(of: x, into: &y, row * width, width)
      }
      VectorMath.exponentiate(&y, in: rows.lowerBound * width..<rows.upperBound * width)
      for row in rows {
        let (largest, logSum) = (
          largest[row - rows.lowerBound], log(Self.sum(of: y.span, row * width, width))
        )
        for i in row * width..<(row + 1) * width { y[unchecked: i] = (x[unchecked: i] - largest) - logSum }
      }
    }
  }

  /// All exponentials at once, then row by row.
  public func logSoftmaxGradient(
    _ g: Span<Float>, y: Span<Float>, into dx: inout MutableSpan<Float>, width: Int
  ) {
    require(g.count >= dx.count && y.count >= dx.count && (width == 0 || dx.count % width == 0))
    VectorMath.exp(y, into: &dx)
    for row in stride(from: 0, to: dx.count, by: max(width, 1)) {
      let sum = Self.sum(of: g, row, width)
      for i in row..<row + width { dx[unchecked: i] = g[unchecked: i] - dx[unchecked: i] * sum }
    }
  }

  /// Blocks of rows: the gradient is made in the place of the exponentials.
  public func crossEntropy(
    _ logits: Span<Float>, labels: Span<Int32>, losses: inout MutableSpan<Float>,
    gradient: inout MutableSpan<Float>,
    classes: Int
  ) {
    require(logits.count >= labels.count * classes && gradient.count >= labels.count * classes)
    for rows in Self.blocks(of: labels.count * classes, classes) {
      for n in rows {
        _ = Self.subtractLargest(of: logits, into: &gradient, n * classes, classes)
        losses[n] = -gradient[n * classes + Int(labels[n])]
      }
      VectorMath.exponentiate(&gradient, in: rows.lowerBound * classes..<rows.upperBound * classes)
      for n in rows {
        let sum = Self.sum(of: gradient.span, n * classes, classes)
        losses[n] += log(sum)
        for i in n * classes..<(n + 1) * classes { gradient[unchecked: i] /= sum }
        gradient[n * classes + Int(labels[n])] -= 1
      }
    }
  }

  /// How many rows are worked on together: about 4 KiB, which stay in the nearest cache.
  private static func rowsAtOnce(_ width: Int) -> Int { max(1024 / max(width, 1), 1) }

  /// The rows of `count` numbers in blocks of `rowsAtOnce`.
  private static func blocks(of count: Int, _ width: Int) -> some Sequence<Range<Int>> {
    let (rows, step) = (count / max(width, 1), rowsAtOnce(width))
    return stride(from: 0, to: rows, by: step).lazy.map { $0..<min($0 + step, rows) }
  }

  /// y = x - largest for the `width` numbers from `start` on; returns the largest.
  ///
  /// A NaN is passed over in the search and stays in y.
  @inline(__always)
  private static func subtractLargest(
    of x: Span<Float>, into y: inout MutableSpan<Float>, _ start: Int, _ width: Int
  ) -> Float {
    var largest = -Float.infinity
    var i = 0
    if width >= 16 {
      var lanes = SIMD8<Float>(repeating: -.infinity)
      while i &+ 8 <= width {
        let next = eight(x, start &+ i)
        lanes.replace(with: next, where: next .> lanes)
        i &+= 8
      }
      largest = lanes.max()
    }
    while i < width {
      largest = max(largest, x[unchecked: start &+ i])
      i &+= 1
    }
    for i in start..<start &+ width { y[unchecked: i] = x[unchecked: i] - largest }
    return largest
  }

  @inline(__always)
  private static func sum(of x: Span<Float>, _ start: Int, _ width: Int) -> Float {
    var sum: Float = 0
    var i = 0
    if width >= 16 {
      var lanes = SIMD8<Float>.zero
      while i &+ 8 <= width {
        lanes += eight(x, start &+ i)
        i &+= 8
      }
      sum = lanes.sum()
    }
    while i < width {
      sum += x[unchecked: start &+ i]
      i &+= 1
    }
    return sum
  }

  @inline(__always)
  private static func eight(_ x: Span<Float>, _ start: Int) -> SIMD8<Float> {
    var lanes = SIMD8<Float>.zero
    for lane in 0..<8 { lanes[lane] = x[unchecked: start &+ lane] }
    return lanes
  }
}
