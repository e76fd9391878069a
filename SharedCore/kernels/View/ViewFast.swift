import Utils

extension FastKernels {
  /// The odometer turns once a row; inside a row the step is constant, and 1 is a copy.
  public func read(_ x: Span<Float>, through view: StridedView, into y: inout MutableSpan<Float>) {
    guard view.count > 0 else { return }
    require(view.lowest >= 0 && view.highest < x.count && y.count >= view.count)
    let (width, step) = (view.sizes[0], view.steps[0])
    view.rows.walk { row, at in
      let to = row &* width
      if step == 1 {
        for i in 0..<width { y[unchecked: to &+ i] = x[unchecked: at &+ i] }
      } else {
        for i in 0..<width { y[unchecked: to &+ i] = x[unchecked: at &+ i &* step] }
      }
    }
  }

  /// As above; a row that ends in one place is summed first, in double precision.
  public func add(_ x: Span<Float>, through view: StridedView, into y: inout MutableSpan<Float>) {
    guard view.count > 0 else { return }
    require(view.lowest >= 0 && view.highest < y.count && x.count >= view.count)
    let (width, step) = (view.sizes[0], view.steps[0])
    view.rows.walk { row, at in
      let from = row &* width
      if step == 1 {
        for i in 0..<width { y[unchecked: at &+ i] += x[unchecked: from &+ i] }
      } else if step == 0 {
        var sum = 0.0
        for i in 0..<width { sum += Double(x[unchecked: from &+ i]) }
        y[unchecked: at] += Float(sum)
      } else {
        for i in 0..<width { y[unchecked: at &+ i &* step] += x[unchecked: from &+ i] }
      }
    }
  }
}
