extension OrderKernels {
  /// x[places[0]] <= x[places[1]] <= ... along each line, equals in their order, a NaN as the largest.
  ///
  /// Copies each line out and sorts its places by what stands there: n log n comparisons.
  public func order(
    _ x: Span<Float>, into places: inout MutableSpan<Int32>, _ shape: ReductionShape, descending: Bool
  ) {
    for o in 0..<shape.outer {
      for i in 0..<shape.inner {
        let line = (0..<shape.count).map { x[(o * shape.count + $0) * shape.inner + i] }
        let sorted = line.indices.sorted { a, b in
          let (first, second) = descending ? (line[b], line[a]) : (line[a], line[b])
          if isBelow(first, second) { return true }
          return !isBelow(second, first) && a < b
        }
        for (c, place) in sorted.enumerated() {
          places[(o * shape.count + c) * shape.inner + i] = Int32(place)
        }
      }
    }
  }
}

/// a < b in the order in which NaN is the largest.
private func isBelow(_ a: Float, _ b: Float) -> Bool { b.isNaN ? !a.isNaN : a < b }
