import Utils

/// A convolution along one direction, [N, C, T].
public typealias Conv1d = Convolution<Space.Line>
/// A convolution over images, [N, C, H, W].
public typealias Conv2d = Convolution<Space.Plane>
/// A convolution over volumes, [N, C, D, H, W].
public typealias Conv3d = Convolution<Space.Volume>

/// The layer of `conv1d`, `conv2d` and `conv3d`.
///
/// `weight` [O, C / groups, K, ...] and `bias` [O] start uniform in plus or minus 1 / sqrt(what an output sees), as in
/// PyTorch.
public final class Convolution<Dimensions: SpaceDimensions>: Layer {
  let weight: Parameter
  let bias: Parameter?
  let walk: ConvolutionWalk

  /// A layer from `inputs` to `outputs` channels; traps when `groups` divides one of them with a rest.
  public init(
    _ inputs: Int, _ outputs: Int, kernel: any PerDirection, stride: any PerDirection = 1,
    padding: any PerDirection = 0, dilation: any PerDirection = 1, groups: Int = 1, bias: Bool = true,
    using random: inout RandomStream
  ) {
    let kernel = kernel.numbers(forDirections: Dimensions.count)
    walk = ConvolutionWalk(Dimensions.count, stride, padding, dilation, groups: groups)
    require(
      inputs >= 1 && outputs >= 1 && inputs % groups == 0 && outputs % groups == 0,
      "a convolution from \(inputs) to \(outputs) channels cannot have \(groups) groups")
    weight = Parameter(convolutionWeight([outputs, inputs / groups] + kernel, using: &random))
    self.bias = bias ? Parameter(convolutionBias(outputs, for: weight.shape, using: &random)) : nil
  }

  /// The output for `x` [N, C, ...].
  public func callAsFunction(_ x: Tensor) -> Tensor {  // [N, C, ...] to [N, O, ...]
    convolution(Dimensions.count, x, weight.value, bias?.value, walk)
  }
}

/// A transposed convolution along one direction, [N, C, T].
public typealias ConvTranspose1d = TransposedConvolution<Space.Line>
/// A transposed convolution over images, [N, C, H, W].
public typealias ConvTranspose2d = TransposedConvolution<Space.Plane>
/// A transposed convolution over volumes, [N, C, D, H, W].
public typealias ConvTranspose3d = TransposedConvolution<Space.Volume>

/// The layer of `convTranspose1d`, `convTranspose2d` and `convTranspose3d`.
///
/// `weight` [C, O / groups, K, ...] and `bias` [O] start uniform in plus or minus 1 / sqrt(O / groups times the kernel's
/// size), as in PyTorch.
public final class TransposedConvolution<Dimensions: SpaceDimensions>: Layer {
  let weight: Parameter
  let bias: Parameter?
  let walk: ConvolutionWalk
  let outputPadding: any PerDirection

  /// A layer from `inputs` to `outputs` channels; traps when `groups` divides one of them with a rest.
  public init(
    _ inputs: Int, _ outputs: Int, kernel: any PerDirection, stride: any PerDirection = 1,
    padding: any PerDirection = 0, outputPadding: any PerDirection = 0, dilation: any PerDirection = 1,
    groups: Int = 1, bias: Bool = true, using random: inout RandomStream
  ) {
    let kernel = kernel.numbers(forDirections: Dimensions.count)
    walk = ConvolutionWalk(Dimensions.count, stride, padding, dilation, groups: groups)
    self.outputPadding = outputPadding
    require(
      inputs >= 1 && outputs >= 1 && inputs % groups == 0 && outputs % groups == 0,
      "a convolution from \(inputs) to \(outputs) channels cannot have \(groups) groups")
    weight = Parameter(convolutionWeight([inputs, outputs / groups] + kernel, using: &random))
    self.bias = bias ? Parameter(convolutionBias(outputs, for: weight.shape, using: &random)) : nil
  }

  /// The output for `x` [N, C, ...].
  public func callAsFunction(_ x: Tensor) -> Tensor {  // [N, C, ...] to [N, O, ...]
    transposedConvolution(Dimensions.count, x, weight.value, bias?.value, walk, outputPadding)
  }
}

/// Weights uniform in plus or minus 1 / sqrt(fan-in), the product of all sizes but the first.
private func convolutionWeight(_ sizes: [Int], using random: inout RandomStream) -> Tensor {
  let bound = convolutionBound(Shape(sizes))
  return .uniform(-bound..<bound, shape: Shape(sizes), using: &random)
}

private func convolutionBias(_ count: Int, for weight: Shape, using random: inout RandomStream) -> Tensor {
  let bound = convolutionBound(weight)
  return .uniform(-bound..<bound, shape: [count], using: &random)
}

private func convolutionBound(_ weight: Shape) -> Double {
  let fanIn = weight.product(of: 1..<weight.count)
  require(fanIn >= 1, "a convolution with weights \(weight) sees nothing")
  return 1 / Double(fanIn).squareRoot()
}
