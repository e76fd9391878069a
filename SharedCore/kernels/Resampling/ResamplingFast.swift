import CVector
import Utils

/// Output after output, all channels of a place at once where they are neighbours in memory.
extension FastKernels {
  /// A weighted sum of a few places for each output.
  public func resample(_ x: Span<Float>, into y: inout MutableSpan<Float>, _ shape: ResamplingShape) {
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
  public func resampleGradient(_ g: Span<Float>, into dx: inout MutableSpan<Float>, _ shape: ResamplingShape)
  {
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
  /// What each output of a resampling is made of.
  fileprivate init(_ shape: ResamplingShape) {
    self.init(planes: shape.planes, lanes: shape.lanes, input: shape.input, outputs: shape.output.volume)
    let one = ResamplingShape(
      planes: 1, input: shape.input, depth: shape.depth, height: shape.height, width: shape.width)
    var current = 0
    one.forEachTerm { output, place, weight in
      if output != current {
        endWindow()
        current = output
      }
      add(place: place, weight: weight)
    }
    endWindow()
  }
}
