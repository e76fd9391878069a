import Kernels
import Utils

/// The transposed convolution along one direction; see `convTranspose2d`.
///
/// - Parameters:
///   - x: [N, C, T].
///   - weight: w [C, O / groups, K].
///   - bias: b [O], or nil.
/// - Returns: [N, O, (T - 1) stride - 2 padding + dilation (K - 1) + outputPadding + 1].
public func convTranspose1d(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: any PerDirection = 1,
  padding: any PerDirection = 0, outputPadding: any PerDirection = 0, dilation: any PerDirection = 1,
  groups: Int = 1
) -> Tensor {
  transposedConvolution(
    1, x, weight, bias, ConvolutionWalk(1, stride, padding, dilation, groups: groups), outputPadding)
}

/// The transposed convolution over images: every input number lays down the kernel, times itself, and what overlaps adds.
///
/// It is the gradient of `conv2d` by its input, so that it undoes the change of size of a convolution with the same
/// stride and padding. Zeiler et al., "Deconvolutional Networks", 2010.
///
/// Derivative: dx is the convolution of g with w; dw is the weight gradient of that convolution, x in the place of its
/// gradient; db = g summed over everything but the channels.
///
/// - Parameters:
///   - x: [N, C, H, W].
///   - weight: w [C, O / groups, K, L], as PyTorch keeps it.
///   - bias: b [O], or nil.
///   - outputPadding: rows added at the far end, since several sizes become one by a convolution with a stride; below the
///     larger of stride and dilation.
/// - Returns: [N, O, (H - 1) stride - 2 padding + dilation (K - 1) + outputPadding + 1, ...].
public func convTranspose2d(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: any PerDirection = 1,
  padding: any PerDirection = 0, outputPadding: any PerDirection = 0, dilation: any PerDirection = 1,
  groups: Int = 1
) -> Tensor {
  transposedConvolution(
    2, x, weight, bias, ConvolutionWalk(2, stride, padding, dilation, groups: groups), outputPadding)
}

/// The transposed convolution over volumes; see `convTranspose2d`.
///
/// - Parameters:
///   - x: [N, C, D, H, W].
///   - weight: w [C, O / groups, K, L, M].
///   - bias: b [O], or nil.
/// - Returns: [N, O, ...], each size as in `convTranspose2d`.
public func convTranspose3d(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: any PerDirection = 1,
  padding: any PerDirection = 0, outputPadding: any PerDirection = 0, dilation: any PerDirection = 1,
  groups: Int = 1
) -> Tensor {
  transposedConvolution(
    3, x, weight, bias, ConvolutionWalk(3, stride, padding, dilation, groups: groups), outputPadding)
}

/// The convolution of `convTranspose1d`, `convTranspose2d` and `convTranspose3d`.
func transposedConvolution(
  _ directions: Int, _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, _ walk: ConvolutionWalk,
  _ outputPadding: any PerDirection
) -> Tensor {
  let (input, added) = (
    x.space(directions, "convTranspose\(directions)d"), outputPadding.numbers(forDirections: directions)
  )
  require(
    weight.shape.count == x.shape.count && weight.shape[0] == x.shape[1] && x.shape[1] % walk.groups == 0
      && (bias == nil || bias?.shape == [weight.shape[1] * walk.groups]),
    "convTranspose\(directions)d: input \(x.shape), weight \(weight.shape), "
      + "bias \(bias?.shape.description ?? "none") and \(walk.groups) groups do not fit")
  let (kernel, outputChannels) = (Array(weight.shape[2...]), weight.shape[1] * walk.groups)
  let output = (0..<directions).map { d -> Int in
    require(
      added[d] >= 0 && added[d] < max(walk.stride[d], walk.dilation[d]),
      "convTranspose\(directions)d: output padding \(added) must be below stride \(walk.stride) "
        + "or dilation \(walk.dilation)")
    let reach = walk.dilation[d] * (kernel[d] - 1) + 1
    let size = (input[d] - 1) * walk.stride[d] - 2 * walk.padding[d] + reach + added[d]
    require(
      kernel[d] >= 1 && size >= 1,
      "convTranspose\(directions)d: padding \(walk.padding) leaves nothing of input \(x.shape)")
    return size
  }
  let shape = walk.shape(  // of the convolution whose input gradient this is: from our output to our input
    batch: x.shape[0], channels: (outputChannels, x.shape[1]), input: output, kernel: kernel, output: input)
  let size = Shape([x.shape[0], outputChannels] + output)
  var y = inputGradient(x, weight, as: size, shape)
  if let bias {
    let one = Array(repeating: 1, count: directions)
    y = combine(.add, y, bias.detached().reshaped(to: Shape([outputChannels] + one)))
  }
  return record(y, from: [x, weight] + (bias.map { [$0] } ?? [])) { g in
    let dx = !x.needsGradient ? nil : convolved(g, weight, nil, as: x.shape, shape)
    let dw = !weight.needsGradient ? nil : weightGradient(x, g, as: weight.shape, shape)
    guard let bias else { return [dx, dw] }
    return [dx, dw, bias.needsGradient ? g.summedOverAllButChannels() : nil]
  }
}
