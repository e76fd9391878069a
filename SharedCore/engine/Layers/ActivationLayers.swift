/// The layer of `relu`.
public final class ReLU: Layer {
  /// A layer without parameters.
  public init() {}
  /// x where it is positive, 0 elsewhere.
  public func callAsFunction(_ x: Tensor) -> Tensor { relu(x) }
}

/// The layer of `leakyRelu`.
public final class LeakyReLU: Layer {
  private let slope: Float
  /// A layer with this slope below 0.
  public init(slope: Float = 0.01) { self.slope = slope }
  /// x where it is positive, slope x elsewhere.
  public func callAsFunction(_ x: Tensor) -> Tensor { leakyRelu(x, slope: slope) }
}

/// The layer of `gelu`, by the error function.
public final class GELU: Layer {
  /// A layer without parameters.
  public init() {}
  /// x times the probability that a normally distributed number lies below it.
  public func callAsFunction(_ x: Tensor) -> Tensor { gelu(x) }
}

/// The layer of `silu`.
public final class SiLU: Layer {
  /// A layer without parameters.
  public init() {}
  /// x sigmoid(x).
  public func callAsFunction(_ x: Tensor) -> Tensor { silu(x) }
}

/// The layer of `tanh`.
public final class Tanh: Layer {
  /// A layer without parameters.
  public init() {}
  /// The hyperbolic tangent of x.
  public func callAsFunction(_ x: Tensor) -> Tensor { tanh(x) }
}
