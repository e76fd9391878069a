import Utils

/// A layer whose weight is divided by its largest singular value, so that the layer stretches nothing.
///
/// Miyato, Kataoka, Koyama and Yoshida, "Spectral Normalization for Generative Adversarial Networks", 2018, §2 and
/// algorithm 1: one step of the power iteration u = W v / |W v|, v = WT u / |WT u| in every training pass, and
/// sigma = uT W v with u and v as constants. State as that of `torch.nn.utils.parametrizations.spectral_norm`:
/// `parametrizations.weight.original`, `parametrizations.weight.0._u` and `._v`, `bias`.
public final class SpectralNorm: Layer, CustomReflectable {
  private let base: any WeightedLayer
  private let iterations: Int
  private let u, v: Buffer

  /// `linear`, its weight divided; u and v begin at random with 15 steps of the iteration.
  ///
  /// - Parameter iterations: steps in each training pass.
  public convenience init(_ linear: Linear, iterations: Int = 1, using random: inout RandomStream) {
    self.init(of: linear, iterations, using: &random)
  }

  /// The same for a convolution.
  public convenience init<Dimensions>(
    _ convolution: Convolution<Dimensions>, iterations: Int = 1, using random: inout RandomStream
  ) { self.init(of: convolution, iterations, using: &random) }

  /// The same for a transposed convolution, whose outputs are the second dimension of the weight.
  public convenience init<Dimensions>(
    _ convolution: TransposedConvolution<Dimensions>, iterations: Int = 1, using random: inout RandomStream
  ) { self.init(of: convolution, iterations, using: &random) }

  private init(of base: any WeightedLayer, _ iterations: Int, using random: inout RandomStream) {
    require(
      iterations >= 1, "SpectralNorm: at least one step of the power iteration is needed, got \(iterations)")
    self.base = base
    self.iterations = iterations
    let matrix = Self.matrix(base.weight.value.detached(), base)
    u = Buffer(Self.unit(.normal(shape: [matrix.shape[0]], using: &random)))
    v = Buffer(Self.unit(.normal(shape: [matrix.shape[1]], using: &random)))
    iterate(matrix, 15)
  }

  /// The base layer's output for `x` with its weight divided.
  public func callAsFunction(_ x: Tensor) -> Tensor { base.output(for: x, weight: weight) }

  /// W / sigma.
  private var weight: Tensor {
    let weight = base.weight.value
    let matrix = Self.matrix(weight, base)
    if Mode.current == .training, !ForwardContext.current.isRepeated {
      iterate(matrix.detached(), iterations)
    }
    let (u, v) = (u.tensor, v.tensor)
    return weight / matmul(u, matmul(matrix, v))
  }

  private func iterate(_ matrix: Tensor, _ count: Int) {
    for _ in 0..<count {
      u.tensor = Self.unit(matmul(matrix, v.tensor))
      v.tensor = Self.unit(matmul(u.tensor, matrix))
    }
  }

  /// The weight as [outputs, everything else].
  private static func matrix(_ weight: Tensor, _ base: any WeightedLayer) -> Tensor {
    let first = type(of: base).outputDimension
    let turned = first == 0 ? weight : weight.transposed(0, first)
    return turned.flattened(from: 1)
  }

  private static func unit(_ x: Tensor) -> Tensor { x / Swift.max(x.norm(over: [0]).scalar, 1e-12) }

  /// PyTorch's names.
  public var customMirror: Mirror {
    let iteration = NamedState([("_u", u), ("_v", v)])
    let weight = NamedState([("original", base.weight), ("0", iteration)])
    return Mirror(
      self, children: ["bias": base.bias as Any, "parametrizations": NamedState([("weight", weight)])],
      displayStyle: .class)
  }
}
