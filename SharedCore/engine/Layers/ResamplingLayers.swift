/// The layer of `interpolate`: images a fixed factor larger.
public final class Upsample: Layer {
  private let scale: Double
  private let mode: Interpolation
  private let alignCorners: Bool

  /// Images `scale` times as large in every direction.
  public init(_ scale: Double, _ mode: Interpolation = .nearest, alignCorners: Bool = false) {
    self.scale = scale
    self.mode = mode
    self.alignCorners = alignCorners
  }

  /// `x` [N, C, ...] in its new size.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    interpolate(x, by: scale, mode, alignCorners: alignCorners)
  }
}

/// The layer of `pixelShuffle`.
public final class PixelShuffle: Layer {
  private let factor: Int

  /// Images `factor` times as large, out of as many channels squared.
  public init(_ factor: Int) { self.factor = factor }

  /// [N, C factor^2, H, W] to [N, C, H factor, W factor].
  public func callAsFunction(_ x: Tensor) -> Tensor { pixelShuffle(x, factor) }
}

/// The layer of `pixelUnshuffle`.
public final class PixelUnshuffle: Layer {
  private let factor: Int

  /// Images `factor` times as small, with as many more channels squared.
  public init(_ factor: Int) { self.factor = factor }

  /// [N, C, H factor, W factor] to [N, C factor^2, H, W].
  public func callAsFunction(_ x: Tensor) -> Tensor { pixelUnshuffle(x, factor) }
}
