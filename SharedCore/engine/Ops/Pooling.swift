import Utils

/// The largest number under a window that slides along one direction, [N, C, T]; see `maxPool2d`.
public func maxPool1d(
  _ x: Tensor, _ kernel: any PerDirection, stride: (any PerDirection)? = nil, padding: any PerDirection = 0,
  dilation: any PerDirection = 1, ceilMode: Bool = false
) -> Tensor {
  maxPool(x, PoolingWalk("maxPool1d", 1, kernel, stride, padding, dilation, ceilMode: ceilMode))
}

/// The largest number under a window that slides over images; padding never wins.
///
/// Derivative: g at the first place of its window that has the largest number.
///
/// - Parameters:
///   - x: [N, C, H, W].
///   - kernel: the window's size.
///   - stride: how far it moves; its own size when nil.
///   - padding: at most half of what the window reaches over.
///   - ceilMode: a last window may hang over the edge, if it begins inside.
/// - Returns: [N, C, (H + 2 padding - dilation (kernel - 1) - 1) / stride + 1, ...], rounded up in ceil mode.
public func maxPool2d(
  _ x: Tensor, _ kernel: any PerDirection, stride: (any PerDirection)? = nil, padding: any PerDirection = 0,
  dilation: any PerDirection = 1, ceilMode: Bool = false
) -> Tensor {
  maxPool(x, PoolingWalk("maxPool2d", 2, kernel, stride, padding, dilation, ceilMode: ceilMode))
}

/// The largest number under a window that slides over volumes, [N, C, D, H, W]; see `maxPool2d`.
public func maxPool3d(
  _ x: Tensor, _ kernel: any PerDirection, stride: (any PerDirection)? = nil, padding: any PerDirection = 0,
  dilation: any PerDirection = 1, ceilMode: Bool = false
) -> Tensor {
  maxPool(x, PoolingWalk("maxPool3d", 3, kernel, stride, padding, dilation, ceilMode: ceilMode))
}

/// The mean of a window that slides along one direction, [N, C, T]; see `avgPool2d`.
public func avgPool1d(
  _ x: Tensor, _ kernel: any PerDirection, stride: (any PerDirection)? = nil, padding: any PerDirection = 0,
  ceilMode: Bool = false, countIncludesPadding: Bool = true
) -> Tensor {
  avgPool(
    x, PoolingWalk("avgPool1d", 1, kernel, stride, padding, 1, ceilMode: ceilMode), countIncludesPadding, nil)
}

/// The mean of a window that slides over images.
///
/// Derivative: g divided by the count, at every place of its window.
///
/// - Parameters:
///   - x: [N, C, H, W].
///   - kernel: the window's size.
///   - stride: how far it moves; its own size when nil.
///   - padding: zeros around the image, at most half of the window.
///   - ceilMode: a last window may hang over the edge, if it begins inside.
///   - countIncludesPadding: the zeros count where a mean divides.
///   - divisor: what the sum is divided by instead.
/// - Returns: [N, C, (H + 2 padding - kernel) / stride + 1, ...], rounded up in ceil mode.
public func avgPool2d(
  _ x: Tensor, _ kernel: any PerDirection, stride: (any PerDirection)? = nil, padding: any PerDirection = 0,
  ceilMode: Bool = false, countIncludesPadding: Bool = true, divisor: Int? = nil
) -> Tensor {
  avgPool(
    x, PoolingWalk("avgPool2d", 2, kernel, stride, padding, 1, ceilMode: ceilMode), countIncludesPadding,
    divisor)
}

/// The mean of a window that slides over volumes, [N, C, D, H, W]; see `avgPool2d`.
public func avgPool3d(
  _ x: Tensor, _ kernel: any PerDirection, stride: (any PerDirection)? = nil, padding: any PerDirection = 0,
  ceilMode: Bool = false, countIncludesPadding: Bool = true, divisor: Int? = nil
) -> Tensor {
  avgPool(
    x, PoolingWalk("avgPool3d", 3, kernel, stride, padding, 1, ceilMode: ceilMode), countIncludesPadding,
    divisor)
}

/// The pooling of `maxPool1d`, `maxPool2d` and `maxPool3d`.
func maxPool(_ x: Tensor, _ walk: PoolingWalk) -> Tensor {
  largestOfWindows(x, walk.windows(over: x) { _ in .inside }, .pooling(walk, .max))
}

/// The pooling of `avgPool1d`, `avgPool2d` and `avgPool3d`.
func avgPool(_ x: Tensor, _ walk: PoolingWalk, _ countIncludesPadding: Bool, _ divisor: Int?) -> Tensor {
  require((divisor ?? 1) >= 1, "\(walk.op): a divisor is at least 1, not \(divisor ?? 1)")
  return meanOfWindows(
    x,
    walk.windows(over: x) { direction in
      guard let divisor else { return countIncludesPadding ? .withPadding : .inside }
      return .constant(direction == 0 ? divisor : 1)  // the weights of the directions are multiplied
    }, .pooling(walk, .mean(countsPadding: countIncludesPadding, divisor: divisor)))
}
