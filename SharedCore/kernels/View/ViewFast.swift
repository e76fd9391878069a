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

  /// Tiles of 16 x 16, so that the lines of memory which a tile touches stay in the first cache.
  public func transpose(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, batch: Int, rows: Int, columns: Int
  ) {
    require(x.count >= batch * rows * columns && y.count >= batch * rows * columns)
    let tile = 16
    for matrix in 0..<batch {
      let start = matrix &* rows &* columns
      for top in stride(from: 0, to: rows, by: tile) {
        let bottom = min(top &+ tile, rows)
        for left in stride(from: 0, to: columns, by: tile) {
          for j in left..<min(left &+ tile, columns) {
            for i in top..<bottom {
              y[unchecked: start &+ j &* rows &+ i] = x[unchecked: start &+ i &* columns &+ j]
            }
          }
        }
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
