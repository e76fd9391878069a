import Utils

/// A layer whose weight is a direction and a length for each output: w = g v / |v|.
///
/// Salimans and Kingma, "Weight Normalization: A Simple Reparameterization to Accelerate Training of Deep Neural
/// Networks", 2016, §2. v starts as the layer's weight and g as its lengths, so that at first the layer is its base. State
/// as that of `torch.nn.utils.parametrizations.weight_norm`: `parametrizations.weight.original0` (g) and `.original1` (v),
/// `bias`.
public final class WeightNorm: Layer, CustomReflectable {
  private let base: any WeightedLayer
  private let g: Parameter

  /// `linear`, its rows as direction and length.
  public convenience init(_ linear: Linear) { self.init(of: linear) }

  /// The same for a convolution.
  public convenience init<Dimensions>(_ convolution: Convolution<Dimensions>) { self.init(of: convolution) }

  /// The same for a transposed convolution, along its first dimension, the inputs, as in PyTorch.
  public convenience init<Dimensions>(_ convolution: TransposedConvolution<Dimensions>) {
    self.init(of: convolution)
  }

  private init(of base: any WeightedLayer) {
    self.base = base
    g = Parameter(Self.lengths(base.weight.value.detached()))
  }

  /// The base layer's output for `x` with the weight put together.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let v = base.weight.value
    return base.output(for: x, weight: v * (g.value / Self.lengths(v)))
  }

  /// [O, 1, ...].
  private static func lengths(_ v: Tensor) -> Tensor {
    v.norm(over: Array(1..<v.shape.count), keepingDimensions: true)
  }

  /// PyTorch's names.
  public var customMirror: Mirror {
    let weight = NamedState([("original0", g), ("original1", base.weight)])
    return Mirror(
      self, children: ["bias": base.bias as Any, "parametrizations": NamedState([("weight", weight)])],
      displayStyle: .class)
  }
}
