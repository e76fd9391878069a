import CVector
import Utils

/// Window after window, all channels of a place at once where they are neighbours in memory.
extension FastKernels {
  /// A window is one call: its places, compared for every lane.
  public func maxPooling(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, at: inout MutableSpan<Int32>, _ shape: PoolingShape
  ) {
    if tilesMaxPooling(x, into: &y, at: &at, shape) { return }
    let windows = PlaneWindows(shape)
    require(
      x.count >= windows.inputCount && y.count >= windows.outputCount && at.count >= windows.outputCount)
    guard let x = x.address.map(Unchecked.init), let y = y.address.map(Unchecked.init),
      let at = at.address.map(Unchecked.init)
    else { return }
    windows.forEach { output, plane, window in
      vector_window_max(
        x.value + plane, window.places, window.count, windows.lanes, window.overruns, y.value + output,
        at.value + output)
    }
  }

  /// Each place of a window gets g or 0, so that no lane has to ask where its own place is.
  public func maxPoolingGradient(
    _ g: Span<Float>, at: Span<Int32>, into dx: inout MutableSpan<Float>, _ shape: PoolingShape
  ) {
    if tilesMaxPoolingGradient(g, at: at, into: &dx, shape) { return }
    let windows = PlaneWindows(shape)
    require(
      g.count >= windows.outputCount && at.count >= windows.outputCount && dx.count >= windows.inputCount)
    for i in 0..<windows.inputCount { dx[unchecked: i] = 0 }
    guard let g = g.address.map(Unchecked.init), let at = at.address.map(Unchecked.init),
      let dx = dx.address.map(Unchecked.init)
    else { return }
    windows.forEach { output, plane, window in
      vector_window_max_gradient(
        g.value + output, at.value + output, window.places, window.count, windows.lanes, window.overruns,
        dx.value + plane)
    }
  }

  /// A sum of weights 1, divided.
  public func averagePooling(_ x: Span<Float>, into y: inout MutableSpan<Float>, _ shape: PoolingShape) {
    let windows = PlaneWindows(shape)
    require(x.count >= windows.inputCount && y.count >= windows.outputCount)
    guard let x = x.address.map(Unchecked.init), let y = y.address.map(Unchecked.init) else { return }
    windows.forEach { output, plane, window in
      vector_window_sum(
        x.value + plane, window.places, window.weights, window.count, window.divisor, windows.lanes,
        y.value + output)
    }
  }

  /// The same walk the other way.
  public func averagePoolingGradient(
    _ g: Span<Float>, into dx: inout MutableSpan<Float>, _ shape: PoolingShape
  ) {
    let windows = PlaneWindows(shape)
    require(g.count >= windows.outputCount && dx.count >= windows.inputCount)
    for i in 0..<windows.inputCount { dx[unchecked: i] = 0 }
    guard let g = g.address.map(Unchecked.init), let dx = dx.address.map(Unchecked.init) else { return }
    windows.forEach { output, plane, window in
      vector_window_spread(
        g.value + output, window.places, window.weights, window.count, window.divisor, windows.lanes,
        dx.value + plane)
    }
  }
}

extension PlaneWindows {
  /// The windows of a pooling, divided by what an average divides by.
  fileprivate init(_ shape: PoolingShape) {
    self.init(planes: shape.planes, lanes: shape.lanes, input: shape.input, outputs: shape.output.volume)
    let (height, width) = (shape.input.height, shape.input.width)
    for z in shape.depth {
      for row in shape.height {
        for column in shape.width {
          for iz in z.places {
            for iy in row.places {
              for ix in column.places { add(place: (iz * height + iy) * width + ix) }
            }
          }
          endWindow(divisor: Float(max(z.weight * row.weight * column.weight, 1)))
        }
      }
    }
  }
}
