/// The layer of `flattened(from: 1)`: every sample becomes one row.
public final class Flatten: Layer {
  /// A layer without parameters.
  public init() {}
  /// [N, ...] to [N, D].
  public func callAsFunction(_ x: Tensor) -> Tensor { x.flattened(from: 1) }
}

/// The layer of `permuted`.
public final class Permute: Layer {
  private let order: [Int]
  /// Dimensions in this order: [0, 2, 3, 1] puts the channels of images last.
  public init(_ order: [Int]) { self.order = order }
  /// `x` with its dimensions in the new order.
  public func callAsFunction(_ x: Tensor) -> Tensor { x.permuted(to: order) }
}
