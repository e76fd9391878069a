extension IndexingKernels {
  /// y[o,j,i] = x[o, indices[j], i]: one move an element. Row by row: `inner` neighbours in memory move together.
  public func take(
    _ x: Span<Float>, at indices: Span<Int32>, into y: inout MutableSpan<Float>, _ shape: ReductionShape
  ) {
    for o in 0..<shape.outer {
      for j in 0..<indices.count {
        let from = (o * shape.count + Int(indices[j])) * shape.inner
        let to = (o * indices.count + j) * shape.inner
        for i in 0..<shape.inner { y[to + i] = x[from + i] }
      }
    }
  }

  /// y[o, indices[j], i] += x[o,j,i]: one addition an element, row by row.
  public func addTaken(
    _ x: Span<Float>, at indices: Span<Int32>, into y: inout MutableSpan<Float>, _ shape: ReductionShape
  ) {
    for o in 0..<shape.outer {
      for j in 0..<indices.count {
        let from = (o * indices.count + j) * shape.inner
        let to = (o * shape.count + Int(indices[j])) * shape.inner
        for i in 0..<shape.inner { y[to + i] += x[from + i] }
      }
    }
  }

  /// y[o,j,i] = x[o, indices[o,j,i], i]: one move an element, in the order of y.
  public func gather(
    _ x: Span<Float>, at indices: Span<Int32>, into y: inout MutableSpan<Float>, _ shape: ReductionShape
  ) {
    let rows = indices.count / max(shape.outer * shape.inner, 1)
    for o in 0..<shape.outer {
      for j in 0..<rows {
        for i in 0..<shape.inner {
          let at = (o * rows + j) * shape.inner + i
          y[at] = x[(o * shape.count + Int(indices[at])) * shape.inner + i]
        }
      }
    }
  }

  /// y[o, indices[o,j,i], i] += x[o,j,i]: one addition an element, in the order of x.
  public func scatterAdd(
    _ x: Span<Float>, at indices: Span<Int32>, into y: inout MutableSpan<Float>, _ shape: ReductionShape
  ) {
    let rows = indices.count / max(shape.outer * shape.inner, 1)
    for o in 0..<shape.outer {
      for j in 0..<rows {
        for i in 0..<shape.inner {
          let at = (o * rows + j) * shape.inner + i
          y[(o * shape.count + Int(indices[at])) * shape.inner + i] += x[at]
        }
      }
    }
  }

  /// y[o,c,i] = y[o,c-1,i] + x[o,c,i]: one addition an element.
  ///
  /// One running total for each line, in double precision like every sum.
  public func cumulativeSum(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, _ shape: ReductionShape, fromTheEnd: Bool
  ) {
    for o in 0..<shape.outer {
      for i in 0..<shape.inner {
        var total = 0.0
        for step in 0..<shape.count {
          let c = fromTheEnd ? shape.count - 1 - step : step
          let at = (o * shape.count + c) * shape.inner + i
          total += Double(x[at])
          y[at] = Float(total)
        }
      }
    }
  }
}
