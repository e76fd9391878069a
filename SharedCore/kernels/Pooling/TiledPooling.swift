import CVector
import Utils

/// The largest of windows that lie side by side: one call an image instead of one a window.
///
/// A window of the general path costs a call and, backwards, reads of what was just written; with LeNet's six channels
/// that was more than the comparisons.
extension FastKernels {
  /// `maxPooling` of such windows; false where the shape has others.
  func tilesMaxPooling(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, at: inout MutableSpan<Int32>, _ shape: PoolingShape
  ) -> Bool {
    guard let tiles = shape.tiles else { return false }
    let (inputs, outputs) = (shape.input.volume * shape.lanes, shape.output.volume * shape.lanes)
    require(
      x.count >= shape.planes * inputs && y.count >= shape.planes * outputs
        && at.count >= shape.planes * outputs)
    guard let x = x.address.map(Unchecked.init), let y = y.address.map(Unchecked.init),
      let at = at.address.map(Unchecked.init)
    else { return true }
    inParallel(shape.planes, work: shape.planes * inputs) { plane in
      withUnsafePointer(to: tiles) {
        vector_tiles_max(
          x.value + plane * inputs, $0, y.value + plane * outputs, at.value + plane * outputs)
      }
    }
    return true
  }

  /// `maxPoolingGradient` of such windows; false where the shape has others.
  func tilesMaxPoolingGradient(
    _ g: Span<Float>, at: Span<Int32>, into dx: inout MutableSpan<Float>, _ shape: PoolingShape
  ) -> Bool {
    guard let tiles = shape.tiles else { return false }
    let (inputs, outputs) = (shape.input.volume * shape.lanes, shape.output.volume * shape.lanes)
    require(
      g.count >= shape.planes * outputs && at.count >= shape.planes * outputs
        && dx.count >= shape.planes * inputs)
    guard let g = g.address.map(Unchecked.init), let at = at.address.map(Unchecked.init),
      let dx = dx.address.map(Unchecked.init)
    else { return true }
    inParallel(shape.planes, work: shape.planes * inputs) { plane in
      withUnsafePointer(to: tiles) {
        vector_tiles_max_gradient(
          g.value + plane * outputs, at.value + plane * outputs, $0, dx.value + plane * inputs)
      }
    }
    return true
  }
}

extension PoolingShape {
  /// The windows as tiles of one size from the first corner on, several lanes deep; nil where they are not that.
  fileprivate var tiles: vector_tiles? {
    guard depth == [PoolingWindow(first: 0, end: 1, weight: depth.first?.weight ?? 1)], lanes > 1,
      let tall = Self.tile(height, input.height),
      let wide = Self.tile(width, input.width)
    else { return nil }
    return vector_tiles(
      height: Int64(input.height), width: Int64(input.width), lanes: Int64(lanes), tall: Int64(tall),
      wide: Int64(wide), rows: Int64(height.count), columns: Int64(width.count))
  }

  private static func tile(_ windows: [PoolingWindow], _ size: Int) -> Int? {
    guard let first = windows.first, first.first == 0, first.end > 0 else { return nil }
    let fits = windows.enumerated().allSatisfy { i, window in
      window.step == 1 && window.first == i * first.end && window.end == (i + 1) * first.end
        && window.end <= size
    }
    return fits ? first.end : nil
  }
}
