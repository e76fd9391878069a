extension ViewKernels {
  /// y[i] = x[the place of i]: one move an element, y in order of memory.
  public func read(_ x: Span<Float>, through view: StridedView, into y: inout MutableSpan<Float>) {
    view.walk { i, at in y[i] = x[at] }
  }

  /// y[j,i] = x[i,j]: one move an element.
  ///
  /// Row after row of x: what is a row there becomes a column, each of its numbers far from the next.
  public func transpose(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, batch: Int, rows: Int, columns: Int
  ) {
    for matrix in 0..<batch {
      let start = matrix * rows * columns
      for i in 0..<rows {
        for j in 0..<columns { y[start + j * rows + i] = x[start + i * columns + j] }
      }
    }
  }

  /// y[the place of i] += x[i]: one addition an element, x in order of memory.
  ///
  /// A step of 0 adds a whole dimension into one place.
  public func add(_ x: Span<Float>, through view: StridedView, into y: inout MutableSpan<Float>) {
    view.walk { i, at in y[at] += x[i] }
  }

  /// Each row of x goes to its place in y: one move an element, row by row because rows are neighbours in both.
  public func place(
    _ x: Span<Float>, rows: Int, width: Int, into y: inout MutableSpan<Float>, from start: Int, step: Int
  ) {
    for row in 0..<rows { for i in 0..<width { y[start + row * step + i] = x[row * width + i] } }
  }
}

extension StridedView {
  /// Calls `body` with 0, 1, 2, ... and the place in memory that belongs to it.
  ///
  /// Counts like an odometer: the innermost dimension turns fastest, and each turn of a dimension moves the place by
  /// its step.
  @inline(__always)
  func walk(_ body: (_ i: Int, _ at: Int) -> Void) {
    var turns = InlineArray<8, Int>(repeating: 0)
    var at = start
    for i in 0..<count {
      body(i, at)
      for dimension in 0..<rank {
        turns[dimension] += 1
        at += steps[dimension]
        if turns[dimension] < sizes[dimension] { break }
        at -= steps[dimension] * sizes[dimension]
        turns[dimension] = 0
      }
    }
  }
}
