import Utils

/// Unfolding: the inputs that each output sees are written out as a column, and a convolution becomes a matrix product,
/// which oneDNN does at the chip's peak (Chellapilla, Puri, Simard 2006).
///
/// Y [O/G, S] = W [O/G, (C/G) K] X [(C/G) K, S] for each image and group. A kernel of one tap needs no unfolding, and
/// where each channel has its own group a matrix would have a single row: the runs of the reference are faster.
extension FastKernels {
  /// Unfolds x, multiplies, adds the bias.
  public func convolution(
    _ x: Span<Float>, _ w: Span<Float>, bias: Span<Float>, into y: inout MutableSpan<Float>,
    _ shape: ConvolutionShape
  ) {
    require(x.count >= shape.inputCount && w.count >= shape.weightCount && y.count >= shape.outputCount)
    require(bias.isEmpty || bias.count >= shape.outputChannels)
    let (places, outputs) = (shape.output.volume, shape.outputsPerGroup)
    if shape.isDepthwise {
      for no in 0..<shape.batch * shape.outputChannels {
        let start = bias.isEmpty ? 0 : bias[no % shape.outputChannels]
        for p in 0..<places { y[unchecked: no * places + p] = start }
      }
      return depthwise(x, w, into: &y, shape)
    }
    let product = MatmulShape(m: outputs, n: places, k: shape.channelsPerGroup * shape.kernel.volume)
    forEachUnfolding(of: x, shape) { image, group, columns in
      let first = (image * shape.outputChannels + group * outputs) * places
      var part = y._mutatingExtracting(first..<first + outputs * places)
      matmul(w.extracting(shape.weights(of: group)), columns, bias: Span(), into: &part, product)
      guard !bias.isEmpty else { return }
      for o in 0..<outputs {
        let added = bias[group * outputs + o]
        for p in 0..<places { part[unchecked: o &* places &+ p] += added }
      }
    }
  }

  /// dX = WT G, folded back: each place of the input gathers what its copies got.
  public func convolutionInputGradient(
    _ g: Span<Float>, _ w: Span<Float>, into dx: inout MutableSpan<Float>, _ shape: ConvolutionShape
  ) {
    require(g.count >= shape.outputCount && w.count >= shape.weightCount && dx.count >= shape.inputCount)
    for i in 0..<shape.inputCount { dx[unchecked: i] = 0 }
    if shape.isDepthwise { return depthwiseInputGradient(g, w, into: &dx, shape) }
    let (places, outputs, channels) = (shape.output.volume, shape.outputsPerGroup, shape.channelsPerGroup)
    let product = MatmulShape(m: channels * shape.kernel.volume, n: places, k: outputs, transposeA: true)
    let runs = shape.isPointwise ? [] : shape.runs
    var columns = [Float](repeating: 0, count: shape.isPointwise ? 0 : product.m * places)
    var columnSpan = columns.mutableSpan
    for part in 0..<shape.batch * shape.groups {
      let weights = w.extracting(shape.weights(of: part % shape.groups))
      let upstream = g.extracting(part * outputs * places..<(part + 1) * outputs * places)
      let inputs = part * channels * shape.input.volume..<(part + 1) * channels * shape.input.volume
      if shape.isPointwise {
        var dx = dx._mutatingExtracting(inputs)
        matmul(weights, upstream, bias: Span(), into: &dx, product)
      } else {
        matmul(weights, upstream, bias: Span(), into: &columnSpan, product)
        fold(columnSpan.span, into: &dx, from: inputs.lowerBound, runs, shape)
      }
    }
  }

  /// dW = G XT, summed over the images.
  public func convolutionWeightGradient(
    _ g: Span<Float>, _ x: Span<Float>, into dw: inout MutableSpan<Float>, _ shape: ConvolutionShape
  ) {
    require(g.count >= shape.outputCount && x.count >= shape.inputCount && dw.count >= shape.weightCount)
    for i in 0..<shape.weightCount { dw[unchecked: i] = 0 }
    if shape.isDepthwise { return depthwiseWeightGradient(g, x, into: &dw, shape) }
    let (places, outputs) = (shape.output.volume, shape.outputsPerGroup)
    let product = MatmulShape(
      m: outputs, n: shape.channelsPerGroup * shape.kernel.volume, k: places, transposeB: true)
    var share = [Float](repeating: 0, count: product.m * product.n)
    var shareSpan = share.mutableSpan
    forEachUnfolding(of: x, shape) { image, group, columns in
      let first = (image * shape.outputChannels + group * outputs) * places
      let upstream = g.extracting(first..<first + outputs * places)
      matmul(upstream, columns, bias: Span(), into: &shareSpan, product)
      var sum = dw._mutatingExtracting(shape.weights(of: group))
      accumulate(shareSpan.span, into: &sum)
    }
  }

  /// Calls `body` with the unfolded inputs [(C/G) K, S] of every group of every image.
  private func forEachUnfolding(
    of x: Span<Float>, _ shape: ConvolutionShape,
    _ body: (_ image: Int, _ group: Int, _ columns: Span<Float>) -> Void
  ) {
    let size = shape.channelsPerGroup * shape.input.volume
    let runs = shape.isPointwise ? [] : shape.runs
    // What lies in the padding is 0 from the start and never written.
    let count = shape.channelsPerGroup * shape.kernel.volume * shape.output.volume
    var columns = [Float](repeating: 0, count: shape.isPointwise ? 0 : count)
    var columnSpan = columns.mutableSpan
    for part in 0..<shape.batch * shape.groups {
      let (image, group) = (part / shape.groups, part % shape.groups)
      if shape.isPointwise {
        body(image, group, x.extracting(part * size..<(part + 1) * size))
      } else {
        unfold(x, from: part * size, into: &columnSpan, runs, shape)
        body(image, group, columnSpan.span)
      }
    }
  }

  /// columns[c, tap, output] = x[c, input] for every run.
  private func unfold(
    _ x: Span<Float>, from start: Int, into columns: inout MutableSpan<Float>, _ runs: [ConvolutionShape.Run],
    _ shape: ConvolutionShape
  ) {
    let (places, taps) = (shape.output.volume, shape.kernel.volume)
    for c in 0..<shape.channelsPerGroup {
      let (row, channel) = (c * taps * places, start + c * shape.input.volume)
      for run in runs {
        let (to, from, step) = (row + run.tap * places + run.output, channel + run.input, run.step)
        if step == 1 {
          for i in 0..<run.count { columns[unchecked: to &+ i] = x[unchecked: from &+ i] }
        } else {
          for i in 0..<run.count { columns[unchecked: to &+ i] = x[unchecked: from &+ i &* step] }
        }
      }
    }
  }

  /// dx[c, input] += columns[c, tap, output] for every run.
  private func fold(
    _ columns: Span<Float>, into dx: inout MutableSpan<Float>, from start: Int,
    _ runs: [ConvolutionShape.Run], _ shape: ConvolutionShape
  ) {
    let (places, taps) = (shape.output.volume, shape.kernel.volume)
    for c in 0..<shape.channelsPerGroup {
      let (row, channel) = (c * taps * places, start + c * shape.input.volume)
      for run in runs {
        let (from, to, step) = (row + run.tap * places + run.output, channel + run.input, run.step)
        if step == 1 {
          for i in 0..<run.count { dx[unchecked: to &+ i] += columns[unchecked: from &+ i] }
        } else {
          for i in 0..<run.count { dx[unchecked: to &+ i &* step] += columns[unchecked: from &+ i] }
        }
      }
    }
  }
}

extension ConvolutionShape {
  /// Each group has one input channel.
  var isDepthwise: Bool { channelsPerGroup == 1 && groups > 1 }

  /// The kernel has one tap and meets every place of the input once: the input is its own unfolding.
  var isPointwise: Bool {
    kernel.volume == 1 && output == input && stride.volume == 1 && padding == Extent { _ in 0 }
  }

  /// Where the weights of a group lie.
  func weights(of group: Int) -> Range<Int> {
    let count = outputsPerGroup * channelsPerGroup * kernel.volume
    return group * count..<(group + 1) * count
  }
}
