import Kernels
import Utils

/// A convolution along one direction: y[n,o,t] = b[o] + sum over c, k of w[o,c,k] x[n,c, t stride + k dilation - padding].
///
/// Derivative: see `conv2d`.
///
/// - Parameters:
///   - x: [N, C, T].
///   - weight: w [O, C / groups, K].
///   - bias: b [O], or nil.
/// - Returns: [N, O, (T + 2 padding - dilation (K - 1) - 1) / stride + 1].
public func conv1d(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: any PerDirection = 1,
  padding: any PerDirection = 0, dilation: any PerDirection = 1, groups: Int = 1
) -> Tensor {
  convolution(1, x, weight, bias, ConvolutionWalk(1, stride, padding, dilation, groups: groups))
}

/// A convolution over images: every output is the product of the kernel with the piece of the input on which it lies.
///
/// y[n,o,i,j] = b[o] + sum over c, k, l of w[o,c,k,l] x[n,c, i stride + k dilation - padding, j ...]; x is 0 outside. LeCun
/// et al., "Backpropagation Applied to Handwritten Zip Code Recognition", 1989.
///
/// Derivative: dx is the transposed convolution of g with w; dw[o,c,k,l] sums g[n,o,i,j] times the x that the tap met;
/// db = g summed over everything but the channels.
///
/// - Parameters:
///   - x: [N, C, H, W].
///   - weight: w [O, C / groups, K, L], as PyTorch keeps it.
///   - bias: b [O], or nil.
///   - groups: output channels of one group see only the input channels of theirs.
/// - Returns: [N, O, (H + 2 padding - dilation (K - 1) - 1) / stride + 1, ...].
public func conv2d(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: any PerDirection = 1,
  padding: any PerDirection = 0, dilation: any PerDirection = 1, groups: Int = 1
) -> Tensor {
  convolution(2, x, weight, bias, ConvolutionWalk(2, stride, padding, dilation, groups: groups))
}

/// A convolution over volumes or films, as `conv2d` with one more direction.
///
/// - Parameters:
///   - x: [N, C, D, H, W].
///   - weight: w [O, C / groups, K, L, M].
///   - bias: b [O], or nil.
/// - Returns: [N, O, ...], each size as in `conv2d`.
public func conv3d(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: any PerDirection = 1,
  padding: any PerDirection = 0, dilation: any PerDirection = 1, groups: Int = 1
) -> Tensor {
  convolution(3, x, weight, bias, ConvolutionWalk(3, stride, padding, dilation, groups: groups))
}

/// How a kernel walks over its input.
struct ConvolutionWalk {
  let stride, padding, dilation: [Int]
  let groups: Int

  /// Traps on a stride or dilation below 1, a negative padding, no groups.
  init(
    _ directions: Int, _ stride: any PerDirection, _ padding: any PerDirection, _ dilation: any PerDirection,
    groups: Int
  ) {
    self.stride = stride.numbers(forDirections: directions)
    self.padding = padding.numbers(forDirections: directions)
    self.dilation = dilation.numbers(forDirections: directions)
    self.groups = groups
    require(
      self.stride.allSatisfy { $0 >= 1 } && self.dilation.allSatisfy { $0 >= 1 }
        && self.padding.allSatisfy { $0 >= 0 } && groups >= 1,
      "conv: stride \(self.stride), dilation \(self.dilation) and groups \(groups) are at least 1, "
        + "padding \(self.padding) at least 0")
  }

  /// The convolution between tensors of these sizes; `output` where it is not what follows from the others.
  func shape(
    batch: Int, channels: (input: Int, output: Int), input: some Collection<Int>,
    kernel: some Collection<Int>, output: (some Collection<Int>)?
  ) -> ConvolutionShape {
    ConvolutionShape(
      batch: batch, inputChannels: channels.input, outputChannels: channels.output, groups: groups,
      input: Extent(input, missing: 1), kernel: Extent(kernel, missing: 1),
      stride: Extent(stride, missing: 1), padding: Extent(padding, missing: 0),
      dilation: Extent(dilation, missing: 1), output: output.map { Extent($0, missing: 1) })
  }
}

/// The convolution of `conv1d`, `conv2d` and `conv3d`.
func convolution(
  _ directions: Int, _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, _ walk: ConvolutionWalk
) -> Tensor {
  let input = x.space(directions, "conv\(directions)d")
  require(
    weight.shape.count == x.shape.count && weight.shape[0] % walk.groups == 0
      && weight.shape[1] * walk.groups == x.shape[1] && (bias == nil || bias?.shape == [weight.shape[0]]),
    "conv\(directions)d: input \(x.shape), weight \(weight.shape), bias \(bias?.shape.description ?? "none") "
      + "and \(walk.groups) groups do not fit")
  let kernel = Array(weight.shape[2...])
  let output = (0..<directions).map { d -> Int in
    let reach = walk.dilation[d] * (kernel[d] - 1) + 1
    let padded = input[d] + 2 * walk.padding[d]
    require(
      kernel[d] >= 1 && padded >= reach,
      "conv\(directions)d: a kernel \(kernel) that reaches over \(reach) does not fit into input \(x.shape) "
        + "with padding \(walk.padding)")
    return (padded - reach) / walk.stride[d] + 1
  }
  let shape = walk.shape(
    batch: x.shape[0], channels: (x.shape[1], weight.shape[0]), input: input, kernel: kernel, output: output)
  let y = convolved(
    x, weight, bias, as: Shape([x.shape[0], weight.shape[0]] + output), shape)
  // Only what the gradients need is kept: not the input where the weights are frozen.
  let (ofX, ofWeight, ofBias) = (x.needsGradient, weight.needsGradient, bias.map(\.needsGradient))
  let (kept, inputShape) = (ofWeight ? x : nil, x.shape)
  return record(y, from: [x, weight] + (bias.map { [$0] } ?? []), facts: .convolution(walk)) { g in
    let dx = ofX ? inputGradient(g, weight, as: inputShape, shape) : nil
    let dw = kept.map { weightGradient(g, $0, as: weight.shape, shape) }
    guard let ofBias else { return [dx, dw] }
    return [dx, dw, ofBias ? g.summedOverAllButChannels() : nil]
  }
}

/// y of a convolution, not recorded.
func convolved(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, as result: Shape, _ shape: ConvolutionShape
) -> Tensor {
  let order = Kernels.chosen.convolutionOrder
  return Tensor(shape: result, order: order) { y in
    x.arranged(in: order).withMemory { x in
      withSpans(weight, bias) {
        Kernels.chosen.convolution(x, $0, bias: $1, into: &y, shape, keeping: weight.kept)
      }
    }
  }
}

/// dx of a convolution, not recorded.
func inputGradient(_ g: Tensor, _ weight: Tensor, as result: Shape, _ shape: ConvolutionShape) -> Tensor {
  let order = Kernels.chosen.convolutionOrder
  return Tensor(shape: result, order: order) { dx in
    g.arranged(in: order).withMemory { g in
      weight.withSpan {
        Kernels.chosen.convolutionInputGradient(g, $0, into: &dx, shape, keeping: weight.kept)
      }
    }
  }
}

/// dw of a convolution, not recorded.
func weightGradient(_ g: Tensor, _ x: Tensor, as result: Shape, _ shape: ConvolutionShape) -> Tensor {
  let order = Kernels.chosen.convolutionOrder
  return Tensor(shape: result) { dw in
    g.arranged(in: order).withMemory { g in
      x.arranged(in: order).withMemory {
        Kernels.chosen.convolutionWeightGradient(g, $0, into: &dw, shape)
      }
    }
  }
}

extension Tensor {
  /// Where kernels may keep weights in an order of their own: those of a parameter that is not being learnt.
  fileprivate var kept: KeptWeights? {
    needsGradient ? nil : storage.packed.map { KeptWeights($0, offset: offset) }
  }
}
