/// The places of the input, along one direction, that one output looks at.
public struct PoolingWindow: Hashable, Sendable {
  /// The first place, the end (not looked at any more), and the distance from one place to the next.
  public let first, end, step: Int
  /// By how many places an average divides in this direction: padding may count.
  public let weight: Int

  /// The places `first`, `first + step`, ... before `end`.
  public init(first: Int, end: Int, step: Int = 1, weight: Int) {
    self.first = first
    self.end = end
    self.step = step
    self.weight = weight
  }

  /// The places.
  var places: StrideTo<Int> { stride(from: first, to: end, by: step) }
}

/// Pooling of any kind: a window for each output, direction by direction.
///
/// A sliding kernel, a kernel that hangs over the edge, an adaptive pooling and one over the whole image differ only in
/// their windows.
public struct PoolingShape: Sendable {
  /// How many images there are, and how many numbers each place of them holds: N C with one, or, with the channels last,
  /// N with C.
  public let planes, lanes: Int
  /// Sizes of the input and of the output.
  public let input, output: Extent
  /// The windows of the outputs along depth, height and width.
  public let depth, height, width: [PoolingWindow]

  /// A pooling with these windows.
  public init(
    planes: Int, lanes: Int = 1, input: Extent, depth: [PoolingWindow], height: [PoolingWindow],
    width: [PoolingWindow]
  ) {
    self.planes = planes
    self.lanes = lanes
    self.input = input
    self.depth = depth
    self.height = height
    self.width = width
    output = Extent(depth: depth.count, height: height.count, width: width.count)
  }
}

/// Pooling and its gradients; all tensors [planes, S, lanes], the width innermost of space.
public protocol PoolingKernels {
  /// y = the largest number of the window, `at` = its place in its plane, counted from 0 to S - 1.
  ///
  /// The first of equals; a NaN wins; a window that sees nothing gives -infinity and the place -1.
  func maxPooling(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, at: inout MutableSpan<Int32>, _ shape: PoolingShape)

  /// dx[at] += g, 0 where no output looked; written whole.
  func maxPoolingGradient(
    _ g: Span<Float>, at: Span<Int32>, into dx: inout MutableSpan<Float>, _ shape: PoolingShape)

  /// y = the sum of the window divided by its weight; 0 for a window that sees nothing.
  func averagePooling(_ x: Span<Float>, into y: inout MutableSpan<Float>, _ shape: PoolingShape)

  /// dx += g / weight at every place of the window; written whole.
  func averagePoolingGradient(_ g: Span<Float>, into dx: inout MutableSpan<Float>, _ shape: PoolingShape)
}
