import Utils

/// The layer of `layerNorm`: rows of the last dimensions, `weight` starting at 1 and `bias` at 0.
public final class LayerNorm: Layer {
  let weight: Parameter?
  let bias: Parameter?
  private let shape: Shape
  private let epsilon: Float

  /// A layer for rows of `shape`: `[768]`, or several last dimensions; `affine: false` leaves weight and bias out.
  public init(_ shape: Shape, epsilon: Float = 1e-5, affine: Bool = true, bias: Bool = true) {
    self.shape = shape
    self.epsilon = epsilon
    weight = affine ? Parameter(Tensor(repeating: 1, shape: shape)) : nil
    self.bias = affine && bias ? Parameter(Tensor(repeating: 0, shape: shape)) : nil
  }

  /// A layer for rows of `features` numbers.
  public convenience init(_ features: Int, epsilon: Float = 1e-5, affine: Bool = true, bias: Bool = true) {
    self.init([features], epsilon: epsilon, affine: affine, bias: bias)
  }

  /// The normalised `x` [..., shape], of its shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireRows(of: shape, in: x, "LayerNorm")
    return layerNorm(x, weight?.value, bias?.value, over: shape.count, epsilon: epsilon)
  }
}

/// A layer norm over the channels of each place of an image, [N, C, H, W], as ConvNeXt has it.
public final class LayerNorm2d: Layer {
  let weight, bias: Parameter
  private let epsilon: Float

  /// A layer for `channels` channels; `weight` starts at 1, `bias` at 0.
  public init(_ channels: Int, epsilon: Float = 1e-5) {
    weight = Parameter(Tensor(repeating: 1, shape: [channels]))
    bias = Parameter(Tensor(repeating: 0, shape: [channels]))
    self.epsilon = epsilon
  }

  /// The normalised `x` [N, C, H, W], of its shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(
      x.shape.count == 4 && x.shape[1] == weight.shape[0],
      "LayerNorm2d: the input is [N, \(weight.shape[0]), H, W], got \(x.shape)")
    return layerNorm(x.permuted(to: [0, 2, 3, 1]), weight.value, bias.value, epsilon: epsilon)
      .permuted(to: [0, 3, 1, 2])
  }
}

/// The layer of `rmsNorm`: rows of the last dimensions, `weight` starting at 1.
public final class RMSNorm: Layer {
  let weight: Parameter?
  private let shape: Shape
  private let epsilon: Float

  /// A layer for rows of `shape`; `affine: false` leaves the weight out.
  public init(_ shape: Shape, epsilon: Float = .ulpOfOne, affine: Bool = true) {
    self.shape = shape
    self.epsilon = epsilon
    weight = affine ? Parameter(Tensor(repeating: 1, shape: shape)) : nil
  }

  /// A layer for rows of `features` numbers.
  public convenience init(_ features: Int, epsilon: Float = .ulpOfOne, affine: Bool = true) {
    self.init([features], epsilon: epsilon, affine: affine)
  }

  /// The normalised `x` [..., shape], of its shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireRows(of: shape, in: x, "RMSNorm")
    return rmsNorm(x, weight?.value, over: shape.count, epsilon: epsilon)
  }
}

/// The layer of `groupNorm`: `weight` starts at 1, `bias` at 0.
public final class GroupNorm: Layer {
  let weight: Parameter?
  let bias: Parameter?
  private let groups, channels: Int
  private let epsilon: Float

  /// A layer for `channels` channels in `groups` groups; traps when they do not divide.
  public init(_ groups: Int, _ channels: Int, epsilon: Float = 1e-5, affine: Bool = true) {
    require(
      groups >= 1 && channels >= 1 && channels % groups == 0,
      "GroupNorm: \(channels) channels do not make \(groups) groups")
    self.groups = groups
    self.channels = channels
    self.epsilon = epsilon
    weight = affine ? Parameter(Tensor(repeating: 1, shape: [channels])) : nil
    bias = affine ? Parameter(Tensor(repeating: 0, shape: [channels])) : nil
  }

  /// The normalised `x` [N, C, ...], of its shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(
      x.shape.count >= 2 && x.shape[1] == channels,
      "GroupNorm: the input is [N, \(channels), ...], got \(x.shape)")
    return groupNorm(x, groups: groups, weight?.value, bias?.value, epsilon: epsilon)
  }
}

/// Instance normalisation of sequences, [N, C, T].
public typealias InstanceNorm1d = InstanceNorm<Space.Line>
/// Instance normalisation of images, [N, C, H, W].
public typealias InstanceNorm2d = InstanceNorm<Space.Plane>
/// Instance normalisation of volumes, [N, C, D, H, W].
public typealias InstanceNorm3d = InstanceNorm<Space.Volume>

/// The layer of `instanceNorm`: no parameters unless `affine`, then `weight` starts at 1 and `bias` at 0.
public final class InstanceNorm<Dimensions: SpaceDimensions>: Layer {
  let weight: Parameter?
  let bias: Parameter?
  private let channels: Int
  private let epsilon: Float

  /// A layer for `channels` channels.
  public init(_ channels: Int, epsilon: Float = 1e-5, affine: Bool = false) {
    self.channels = channels
    self.epsilon = epsilon
    weight = affine ? Parameter(Tensor(repeating: 1, shape: [channels])) : nil
    bias = affine ? Parameter(Tensor(repeating: 0, shape: [channels])) : nil
  }

  /// The normalised `x` [N, C, ...], of its shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(
      x.shape.count == Dimensions.count + 2 && x.shape[1] == channels,
      "InstanceNorm\(Dimensions.count)d: the input is [N, \(channels)] and \(Dimensions.count) sizes of space, "
        + "got \(x.shape)")
    return instanceNorm(x, weight?.value, bias?.value, epsilon: epsilon)
  }
}

/// The layer of `localResponseNorm`; it learns nothing.
public final class LocalResponseNorm: Layer {
  private let size: Int
  private let alpha, beta, k: Float

  /// A layer that sums over `size` channels.
  public init(_ size: Int, alpha: Float = 1e-4, beta: Float = 0.75, k: Float = 1) {
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.k = k
  }

  /// The normalised `x` [N, C, ...], of its shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    localResponseNorm(x, size: size, alpha: alpha, beta: beta, k: k)
  }
}

private func requireRows(of shape: Shape, in x: Tensor, _ layer: String) {
  require(
    x.shape.count >= shape.count && Array(x.shape.suffix(shape.count)) == Array(shape),
    "\(layer): the input ends in \(shape), got \(x.shape)")
}
