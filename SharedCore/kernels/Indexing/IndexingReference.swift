extension IndexingKernels {
  /// Row by row: `inner` neighbours in memory move together.
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

  /// Row by row, the other way.
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

  /// Element by element.
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

  /// Element by element, the other way.
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
