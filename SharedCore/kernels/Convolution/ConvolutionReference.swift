extension ConvolutionKernels {
  /// Row-major: an image after an image, a channel after a channel.
  public var convolutionOrder: MemoryOrder { .rowMajor }

  /// y[n,o,p] = bias[o] + sum over c, k of w[o,c,k] x[n,c, p stride + k dilation - padding].
  ///
  /// Each output starts as its bias; then one weight at a time is multiplied with all the inputs that it meets.
  ///
  /// 2 N O S (C/G) K operations, in this order because the innermost loop then walks neighbours of x and of y; summing
  /// one output after the other would jump through x at each step.
  public func convolution(
    _ x: Span<Float>, _ w: Span<Float>, bias: Span<Float>, into y: inout MutableSpan<Float>,
    _ shape: ConvolutionShape, keeping _: KeptWeights?
  ) {
    let (runs, places) = (shape.runs, shape.output.volume)
    for no in 0..<shape.batch * shape.outputChannels {
      let o = no % shape.outputChannels
      for p in 0..<places { y[no * places + p] = bias.isEmpty ? 0 : bias[o] }
    }
    forEachMeeting(shape) { yStart, wStart, xStart in
      for run in runs {
        let weight = w[wStart + run.tap]
        let (outputs, inputs) = (yStart + run.output, xStart + run.input)
        for i in 0..<run.count { y[outputs + i] += weight * x[inputs + i * run.step] }
      }
    }
  }

  /// dx += w g: the same walk and cost; what was multiplied with a weight gets its gradient through that weight.
  public func convolutionInputGradient(
    _ g: Span<Float>, _ w: Span<Float>, into dx: inout MutableSpan<Float>, _ shape: ConvolutionShape,
    keeping _: KeptWeights?
  ) {
    let runs = shape.runs
    for i in 0..<shape.inputCount { dx[i] = 0 }
    forEachMeeting(shape) { yStart, wStart, xStart in
      for run in runs {
        let weight = w[wStart + run.tap]
        let (outputs, inputs) = (yStart + run.output, xStart + run.input)
        for i in 0..<run.count { dx[inputs + i * run.step] += weight * g[outputs + i] }
      }
    }
  }

  /// dw += g x: the same walk and cost; a weight's gradient gathers every product that it took part in.
  public func convolutionWeightGradient(
    _ g: Span<Float>, _ x: Span<Float>, into dw: inout MutableSpan<Float>, _ shape: ConvolutionShape
  ) {
    let runs = shape.runs
    for i in 0..<shape.weightCount { dw[i] = 0 }
    forEachMeeting(shape) { yStart, wStart, xStart in
      for run in runs {
        let (outputs, inputs) = (yStart + run.output, xStart + run.input)
        var sum: Float = 0
        for i in 0..<run.count { sum += g[outputs + i] * x[inputs + i * run.step] }
        dw[wStart + run.tap] += sum
      }
    }
  }
}

/// Calls `body` for every output channel and every input channel that it sees, with where the channel of y, the weights
/// between the two, and the channel of x begin in memory.
@inline(__always)
func forEachMeeting(_ shape: ConvolutionShape, _ body: (_ y: Int, _ w: Int, _ x: Int) -> Void) {
  for n in 0..<shape.batch {
    for o in 0..<shape.outputChannels {
      let firstOfGroup = o / shape.outputsPerGroup * shape.channelsPerGroup
      for c in 0..<shape.channelsPerGroup {
        body(
          (n * shape.outputChannels + o) * shape.output.volume,
          (o * shape.channelsPerGroup + c) * shape.kernel.volume,
          (n * shape.inputChannels + firstOfGroup + c) * shape.input.volume)
      }
    }
  }
}
