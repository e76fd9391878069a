/// The sizes of a convolution in one, two or three dimensions, and how its kernel walks.
///
/// Letters of this folder: N batch, C input channels, O output channels, G groups, S places of space.
public struct ConvolutionShape: Hashable, Sendable {
  /// N, C, O, and G: output channel o sees only the C / G input channels of its own group.
  public let batch, inputChannels, outputChannels, groups: Int
  /// Sizes of the input and of the kernel.
  public let input, kernel: Extent
  /// How far the kernel moves at each step, how many zeros lie around the input, how far apart its taps are.
  public let stride, padding, dilation: Extent
  /// Sizes of the output.
  public let output: Extent

  /// A convolution of these sizes; `output` is given where only a part of it is wanted.
  public init(
    batch: Int, inputChannels: Int, outputChannels: Int, groups: Int = 1, input: Extent, kernel: Extent,
    stride: Extent, padding: Extent, dilation: Extent, output: Extent? = nil
  ) {
    self.batch = batch
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.groups = groups
    self.input = input
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.output =
      output
      ?? Extent { d in (input[d] + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1) / stride[d] + 1 }
  }

  /// C / G, the input channels that one output channel sees.
  public var channelsPerGroup: Int { inputChannels / groups }
  /// O / G, the output channels of one group.
  public var outputsPerGroup: Int { outputChannels / groups }
  /// How many numbers x, w and y have.
  public var inputCount: Int { batch * inputChannels * input.volume }
  /// How many numbers the weights have.
  public var weightCount: Int { outputChannels * channelsPerGroup * kernel.volume }
  /// How many numbers the output has.
  public var outputCount: Int { batch * outputChannels * output.volume }
  /// Floating-point operations of one pass, the padding counted as if it were multiplied.
  public var operations: Int { 2 * outputCount * channelsPerGroup * kernel.volume }

  /// A run along the width in which one tap of the kernel meets neighbours of the input.
  ///
  /// Places are counted from the start of a channel.
  struct Run {
    /// Which tap of the kernel, and where the run begins in a channel of the output and of the input.
    let tap, output, input: Int
    /// How many products there are, and how far apart their inputs lie.
    let count, step: Int
  }

  /// Every run of one channel: all that a convolution multiplies, with the padding left out.
  var runs: [Run] {
    var runs: [Run] = []
    for tap in 0..<kernel.volume {
      let (kz, ky, kx) = (
        tap / (kernel.height * kernel.width), tap / kernel.width % kernel.height, tap % kernel.width
      )
      let columns = outputs(that: kx, meets: 2)
      for z in outputs(that: kz, meets: 0) {
        for y in outputs(that: ky, meets: 1) where !columns.isEmpty {
          let (inputZ, inputY, inputX) = (
            place(z, kz, 0), place(y, ky, 1), place(columns.lowerBound, kx, 2)
          )
          runs.append(
            Run(
              tap: tap, output: (z * output.height + y) * output.width + columns.lowerBound,
              input: (inputZ * input.height + inputY) * input.width + inputX,
              count: columns.count, step: stride.width))
        }
      }
    }
    return runs
  }

  /// Where tap `k` lies in the input when the kernel stands at output `o`.
  private func place(_ o: Int, _ k: Int, _ direction: Int) -> Int {
    o * stride[direction] + k * dilation[direction] - padding[direction]
  }

  /// The outputs for which tap `k` lies inside the input: 0 <= o stride + k dilation - padding < size.
  private func outputs(that k: Int, meets direction: Int) -> Range<Int> {
    let (stride, first) = (stride[direction], padding[direction] - k * dilation[direction])
    let from = max(0, (first + stride - 1) / stride)  // rounded up; what is below 0 is cut off
    let last = input[direction] - 1 + first
    let end = last < 0 ? 0 : min(output[direction], last / stride + 1)
    return from..<max(from, end)
  }
}

/// Convolutions (strictly: correlations, as everywhere in the field) and their two gradients.
///
/// y[n,o,p] = bias[o] + sum over c, k of w[o,c,k] x[n,c, p stride + k dilation - padding], where c runs over the
/// channels of o's group and x is 0 outside. It is linear in x and in w, so three kernels walk the same products:
/// each adds two of the three tensors' numbers into the third. The input gradient alone is the transposed
/// convolution.
///
/// Images, x and y and their gradients, lie in `convolutionOrder`: row-major as x [N, C, S] and y [N, O, S], or with the
/// channels last as x [N, S, C] and y [N, S, O]. Weights are row-major, w [O, C/G, K].
public protocol ConvolutionKernels {
  /// The order of memory in which these kernels take images and give them.
  var convolutionOrder: MemoryOrder { get }

  /// y = w * x + bias, written whole; `bias` has O numbers or none.
  ///
  /// With `kept` the kernel may keep the weights in an order of its own for the next call.
  func convolution(
    _ x: Span<Float>, _ w: Span<Float>, bias: Span<Float>, into y: inout MutableSpan<Float>,
    _ shape: ConvolutionShape, keeping kept: KeptWeights?)

  /// dx[n,c,q] = sum of w[o,c,k] g[n,o,p] over all o, k, p that meet at q; written whole.
  func convolutionInputGradient(
    _ g: Span<Float>, _ w: Span<Float>, into dx: inout MutableSpan<Float>, _ shape: ConvolutionShape,
    keeping kept: KeptWeights?)

  /// dw[o,c,k] = sum over n, p of g[n,o,p] x[n,c, p stride + k dilation - padding]; written whole.
  func convolutionWeightGradient(
    _ g: Span<Float>, _ x: Span<Float>, into dw: inout MutableSpan<Float>, _ shape: ConvolutionShape)
}

extension ConvolutionKernels {
  /// The same, nothing kept.
  func convolution(
    _ x: Span<Float>, _ w: Span<Float>, bias: Span<Float>, into y: inout MutableSpan<Float>,
    _ shape: ConvolutionShape
  ) {
    convolution(x, w, bias: bias, into: &y, shape, keeping: nil)
  }

  /// The same, nothing kept.
  func convolutionInputGradient(
    _ g: Span<Float>, _ w: Span<Float>, into dx: inout MutableSpan<Float>, _ shape: ConvolutionShape
  ) {
    convolutionInputGradient(g, w, into: &dx, shape, keeping: nil)
  }
}
