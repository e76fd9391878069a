/// Max pooling along one direction, [N, C, T].
public typealias MaxPool1d = MaxPool<Space.Line>
/// Max pooling over images, [N, C, H, W].
public typealias MaxPool2d = MaxPool<Space.Plane>
/// Max pooling over volumes, [N, C, D, H, W].
public typealias MaxPool3d = MaxPool<Space.Volume>

/// The layer of `maxPool1d`, `maxPool2d` and `maxPool3d`.
public final class MaxPool<Dimensions: SpaceDimensions>: Layer {
  private let walk: PoolingWalk

  /// Windows of `kernel` places, by default side by side.
  public init(
    _ kernel: any PerDirection, stride: (any PerDirection)? = nil, padding: any PerDirection = 0,
    dilation: any PerDirection = 1, ceilMode: Bool = false
  ) {
    walk = PoolingWalk(
      "maxPool\(Dimensions.count)d", Dimensions.count, kernel, stride, padding, dilation, ceilMode: ceilMode)
  }

  /// The largest number of each window of `x` [N, C, ...].
  public func callAsFunction(_ x: Tensor) -> Tensor { maxPool(x, walk) }
}

/// Average pooling along one direction, [N, C, T].
public typealias AvgPool1d = AvgPool<Space.Line>
/// Average pooling over images, [N, C, H, W].
public typealias AvgPool2d = AvgPool<Space.Plane>
/// Average pooling over volumes, [N, C, D, H, W].
public typealias AvgPool3d = AvgPool<Space.Volume>

/// The layer of `avgPool1d`, `avgPool2d` and `avgPool3d`.
public final class AvgPool<Dimensions: SpaceDimensions>: Layer {
  private let walk: PoolingWalk
  private let countIncludesPadding: Bool

  /// Windows of `kernel` places, by default side by side.
  public init(
    _ kernel: any PerDirection, stride: (any PerDirection)? = nil, padding: any PerDirection = 0,
    ceilMode: Bool = false, countIncludesPadding: Bool = true
  ) {
    walk = PoolingWalk(
      "avgPool\(Dimensions.count)d", Dimensions.count, kernel, stride, padding, 1, ceilMode: ceilMode)
    self.countIncludesPadding = countIncludesPadding
  }

  /// The mean of each window of `x` [N, C, ...].
  public func callAsFunction(_ x: Tensor) -> Tensor { avgPool(x, walk, countIncludesPadding, nil) }
}

/// Adaptive average pooling along one direction, [N, C, T].
public typealias AdaptiveAvgPool1d = AdaptiveAvgPool<Space.Line>
/// Adaptive average pooling over images, [N, C, H, W].
public typealias AdaptiveAvgPool2d = AdaptiveAvgPool<Space.Plane>
/// Adaptive average pooling over volumes, [N, C, D, H, W].
public typealias AdaptiveAvgPool3d = AdaptiveAvgPool<Space.Volume>

/// The layer of `adaptiveAvgPool1d`, `adaptiveAvgPool2d` and `adaptiveAvgPool3d`.
public final class AdaptiveAvgPool<Dimensions: SpaceDimensions>: Layer {
  private let output: any PerDirection

  /// Results of `output` places in each direction.
  public init(_ output: any PerDirection) { self.output = output }

  /// The means of `x` [N, C, ...].
  public func callAsFunction(_ x: Tensor) -> Tensor { adaptiveAvgPool(Dimensions.count, x, output) }
}

/// Adaptive max pooling along one direction, [N, C, T].
public typealias AdaptiveMaxPool1d = AdaptiveMaxPool<Space.Line>
/// Adaptive max pooling over images, [N, C, H, W].
public typealias AdaptiveMaxPool2d = AdaptiveMaxPool<Space.Plane>
/// Adaptive max pooling over volumes, [N, C, D, H, W].
public typealias AdaptiveMaxPool3d = AdaptiveMaxPool<Space.Volume>

/// The layer of `adaptiveMaxPool1d`, `adaptiveMaxPool2d` and `adaptiveMaxPool3d`.
public final class AdaptiveMaxPool<Dimensions: SpaceDimensions>: Layer {
  private let output: any PerDirection

  /// Results of `output` places in each direction.
  public init(_ output: any PerDirection) { self.output = output }

  /// The largest numbers of `x` [N, C, ...].
  public func callAsFunction(_ x: Tensor) -> Tensor { adaptiveMaxPool(Dimensions.count, x, output) }
}
