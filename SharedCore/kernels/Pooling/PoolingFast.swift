import Utils

extension FastKernels {
  /// The walk of the reference without its bounds checks; the first place of a window is taken unasked.
  public func maxPooling(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, at: inout MutableSpan<Int32>, _ shape: PoolingShape
  ) {
    let (height, width) = (shape.input.height, shape.input.width)
    let outputs = shape.planes * shape.output.volume
    require(x.count >= shape.planes * shape.input.volume && y.count >= outputs && at.count >= outputs)
    require(shape.staysInside)
    shape.forEachWindow { output, plane, z, row, column in
      var (best, place) = (-Float.infinity, -1)
      var iz = z.first
      while iz < z.end {
        var iy = row.first
        while iy < row.end {
          let line = (iz &* height &+ iy) &* width
          var ix = column.first
          while ix < column.end {
            let value = x[unchecked: plane &+ line &+ ix]
            // not below or equal: larger, or one of the two is not a number; the first such stays
            if place < 0 || (!(value <= best) && !best.isNaN) { (best, place) = (value, line &+ ix) }
            ix &+= column.step
          }
          iy &+= row.step
        }
        iz &+= z.step
      }
      y[unchecked: output] = best
      at[unchecked: output] = Int32(truncatingIfNeeded: place)
    }
  }
}

extension PoolingShape {
  /// Every window lies in the input, so that no place needs to be checked.
  fileprivate var staysInside: Bool {
    zip([depth, height, width], [input.depth, input.height, input.width]).allSatisfy { windows, size in
      windows.allSatisfy { $0.first >= 0 && $0.end <= size && $0.step >= 1 }
    }
  }
}
