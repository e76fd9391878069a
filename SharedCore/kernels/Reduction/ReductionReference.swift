extension ReductionKernels {
  /// y[o,i] = sum over c of x[o,c,i]: one addition an element.
  ///
  /// One sum after the other, so that it stays in a register; for i > 1 it steps `inner` numbers through x. Adds in double
  /// precision: a sum of a million equal floats in single precision is wrong in its third digit.
  public func sum(_ x: Span<Float>, into y: inout MutableSpan<Float>, _ shape: ReductionShape) {
    for o in 0..<shape.outer {
      for i in 0..<shape.inner {
        var sum = 0.0
        for c in 0..<shape.count { sum += Double(x[(o * shape.count + c) * shape.inner + i]) }
        y[o * shape.inner + i] = Float(sum)
      }
    }
  }

  /// y[o,i] = the largest x[o,c,i] and its c; one comparison an element, in the order of `sum`.
  ///
  /// Keeps the best so far and where it stood: the first of equals, and a NaN before all.
  public func maximum(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, at: inout MutableSpan<Int32>, _ shape: ReductionShape
  ) {
    for o in 0..<shape.outer {
      for i in 0..<shape.inner {
        let start = o * shape.count * shape.inner + i
        var (best, place) = (x[start], 0)
        for c in 1..<max(shape.count, 1) {
          let value = x[start + c * shape.inner]
          if value > best || (value.isNaN && !best.isNaN) { (best, place) = (value, c) }
        }
        y[o * shape.inner + i] = best
        at[o * shape.inner + i] = Int32(place)
      }
    }
  }
}
