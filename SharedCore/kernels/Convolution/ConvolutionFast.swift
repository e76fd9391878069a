import COneDNN
import CVector
import Utils

/// oneDNN's convolutions between images with the channels last.
///
/// There the channels of a place are one run of memory, so that a vector instruction multiplies eight or sixteen of
/// them, and everything around a convolution can stay in the same order. The library wants the weights in blocks of
/// its own; they are small, and are brought there and back at each call.
extension FastKernels {
  /// The channels of a place are neighbours.
  public var convolutionOrder: MemoryOrder { .channelsLast }

  /// oneDNN's forward convolution, the bias added on the way.
  public func convolution(
    _ x: Span<Float>, _ w: Span<Float>, bias: Span<Float>, into y: inout MutableSpan<Float>,
    _ shape: ConvolutionShape, keeping kept: KeptWeights?
  ) {
    require(x.count >= shape.inputCount && w.count >= shape.weightCount && y.count >= shape.outputCount)
    require(bias.isEmpty || bias.count >= shape.outputChannels)
    guard shape.outputCount > 0 else { return }
    let done: Void? = PreparedConvolution.borrow(shape, .forward, bias: !bias.isEmpty) { prepared in
      prepared.withPackedWeights(w, kept) { w in prepared.run(x, w, bias: bias, into: &y) }
    }
    if done != nil { return }
    shape.input(x) { x in
      shape.writeOutput(&y) {
        ReferenceKernels().convolution(x, w, bias: bias, into: &$0, shape, keeping: nil)
      }
    }
  }

  /// oneDNN's backward pass to the data.
  public func convolutionInputGradient(
    _ g: Span<Float>, _ w: Span<Float>, into dx: inout MutableSpan<Float>, _ shape: ConvolutionShape,
    keeping kept: KeptWeights?
  ) {
    require(g.count >= shape.outputCount && w.count >= shape.weightCount && dx.count >= shape.inputCount)
    guard shape.inputCount > 0 else { return }
    let done: Void? = PreparedConvolution.borrow(shape, .inputGradient) { prepared in
      prepared.withPackedWeights(w, kept) { w in prepared.run(g, w, bias: Span(), into: &dx) }
    }
    if done != nil { return }
    shape.output(g) { g in
      shape.writeInput(&dx) {
        ReferenceKernels().convolutionInputGradient(g, w, into: &$0, shape, keeping: nil)
      }
    }
  }

  /// oneDNN's backward pass to the weights.
  public func convolutionWeightGradient(
    _ g: Span<Float>, _ x: Span<Float>, into dw: inout MutableSpan<Float>, _ shape: ConvolutionShape
  ) {
    require(g.count >= shape.outputCount && x.count >= shape.inputCount && dw.count >= shape.weightCount)
    guard shape.outputCount > 0 else {
      for i in 0..<shape.weightCount { dw[unchecked: i] = 0 }
      return
    }
    if depthwiseWeightGradient(g, x, into: &dw, shape) { return }
    let done: Void? = PreparedConvolution.borrow(shape, .weightGradient) { prepared in
      prepared.withPackedGradient(into: &dw) { dw in prepared.run(x, g, bias: Span(), into: &dw) }
    }
    if done != nil { return }
    shape.input(x) { x in
      shape.output(g) { ReferenceKernels().convolutionWeightGradient($0, x, into: &dw, shape) }
    }
  }
}

extension FastKernels {
  /// The weight gradient where each channel has a group of its own, which oneDNN leaves slow; false where it is not that.
  private func depthwiseWeightGradient(
    _ g: Span<Float>, _ x: Span<Float>, into dw: inout MutableSpan<Float>, _ shape: ConvolutionShape
  ) -> Bool {
    guard shape.groups > 1, shape.channelsPerGroup == 1, shape.outputsPerGroup == 1, shape.input.depth == 1,
      shape.kernel.depth == 1, shape.output.depth == 1, shape.padding.depth == 0
    else { return false }
    var sizes = vector_depthwise_shape(
      batch: Int64(shape.batch), channels: Int64(shape.inputChannels),
      input_height: Int64(shape.input.height), input_width: Int64(shape.input.width),
      output_height: Int64(shape.output.height), output_width: Int64(shape.output.width),
      kernel_height: Int64(shape.kernel.height), kernel_width: Int64(shape.kernel.width),
      stride_height: Int64(shape.stride.height), stride_width: Int64(shape.stride.width),
      dilation_height: Int64(shape.dilation.height), dilation_width: Int64(shape.dilation.width),
      padding_height: Int64(shape.padding.height), padding_width: Int64(shape.padding.width))
    return vector_depthwise_weight_gradient(g.address, x.address, dw.address, &sizes) == 1
  }
}

/// Images in row-major order for the reference, which does what the library refuses: outputs that stop before the end of
/// the input.
extension ConvolutionShape {
  fileprivate func input(_ x: Span<Float>, _ body: (Span<Float>) -> Void) {
    rowMajor(x, channels: inputChannels, space: input.volume, body)
  }

  fileprivate func output(_ y: Span<Float>, _ body: (Span<Float>) -> Void) {
    rowMajor(y, channels: outputChannels, space: output.volume, body)
  }

  fileprivate func writeInput(_ x: inout MutableSpan<Float>, _ body: (inout MutableSpan<Float>) -> Void) {
    write(&x, channels: inputChannels, space: input.volume, body)
  }

  fileprivate func writeOutput(_ y: inout MutableSpan<Float>, _ body: (inout MutableSpan<Float>) -> Void) {
    write(&y, channels: outputChannels, space: output.volume, body)
  }

  private func rowMajor(_ x: Span<Float>, channels: Int, space: Int, _ body: (Span<Float>) -> Void) {
    MemoryPool.withScratch(batch * channels * space) { scratch in
      var span = scratch.mutableSpan
      FastKernels().transpose(x, into: &span, batch: batch, rows: space, columns: channels)
      body(span.span)
    }
  }

  private func write(
    _ x: inout MutableSpan<Float>, channels: Int, space: Int, _ body: (inout MutableSpan<Float>) -> Void
  ) {
    MemoryPool.withScratch(batch * channels * space) { scratch in
      var span = scratch.mutableSpan
      body(&span)
      FastKernels().transpose(span.span, into: &x, batch: batch, rows: channels, columns: space)
    }
  }
}

/// A convolution of oneDNN that is ready to run.
private struct PreparedConvolution: @unchecked Sendable {
  enum Pass: Int32 { case forward, inputGradient, weightGradient }

  struct Key: Hashable {
    let shape: ConvolutionShape
    let pass: Pass
    let bias: Bool
  }

  private static let shelf = Shelf<Key, PreparedConvolution> { onednn_convolution_destroy($0.handle) }

  /// Below this many operations a convolution runs on the calling thread; see `PreparedProduct`.
  private static let alone = 10_000_000

  /// How many numbers the weights have in the library's order; 0 where they lie in it already.
  private let packedCount: Int
  private let handle: onednn_convolution_t
  private let key: Key

  /// Runs `body` with the convolution of these sizes; nil where oneDNN has none.
  static func borrow(
    _ shape: ConvolutionShape, _ pass: Pass, bias: Bool = false, _ body: (PreparedConvolution) -> Void
  ) -> Void? {
    let key = Key(shape: shape, pass: pass, bias: bias)
    return shelf.borrow(key, make: { PreparedConvolution(key) }, body)
  }

  private init?(_ key: Key) {
    var shape = onednn_convolution_shape(key.shape)
    let threads: Int32 = key.shape.operations < Self.alone ? 1 : 0
    guard
      let handle = onednn_convolution_create(&shape, key.pass.rawValue, key.bias ? 1 : 0, threads)
    else { return nil }
    self.handle = handle
    self.key = key
    packedCount = onednn_convolution_packed_count(handle)
  }

  /// Gives `body` the weights in the library's order.
  func withPackedWeights(_ w: Span<Float>, _ kept: KeptWeights?, _ body: (Span<Float>) -> Void) {
    if packedCount == 0 { return body(w) }
    func pack(_ packed: UnsafeMutableBufferPointer<Float>) {
      let status = onednn_convolution_pack(handle, w.address, packed.baseAddress)
      require(status == 0, "oneDNN could not bring the weights into its order: status \(status)")
    }
    if let kept { return kept.withPacked(for: key, count: packedCount, make: pack) { body($0) } }
    MemoryPool.withScratch(packedCount) { packed in
      pack(packed)
      body(packed.span)
    }
  }

  /// Lets `body` write a weight gradient in the library's order, and puts it into `dw`.
  func withPackedGradient(into dw: inout MutableSpan<Float>, _ body: (inout MutableSpan<Float>) -> Void) {
    if packedCount == 0 { return body(&dw) }
    MemoryPool.withScratch(packedCount) { packed in
      var span = packed.mutableSpan
      body(&span)
      let status = dw.withUnsafeMutableBufferPointer {
        onednn_convolution_unpack(handle, packed.baseAddress, $0.baseAddress)
      }
      require(status == 0, "oneDNN could not bring a gradient back from its order: status \(status)")
    }
  }

  func run(_ a: Span<Float>, _ b: Span<Float>, bias: Span<Float>, into y: inout MutableSpan<Float>) {
    let status = a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        bias.withUnsafeBufferPointer { bias in
          y.withUnsafeMutableBufferPointer {
            onednn_convolution_run(handle, a.baseAddress, b.baseAddress, bias.baseAddress, $0.baseAddress)
          }
        }
      }
    }
    require(status == 0, "oneDNN's convolution failed with status \(status)")
  }
}

extension onednn_convolution_shape {
  fileprivate init(_ shape: ConvolutionShape) {
    func three(_ extent: Extent) -> (Int64, Int64, Int64) {
      (Int64(extent.depth), Int64(extent.height), Int64(extent.width))
    }
    self.init(
      batch: Int64(shape.batch), input_channels: Int64(shape.inputChannels),
      output_channels: Int64(shape.outputChannels), groups: Int64(shape.groups), input: three(shape.input),
      output: three(shape.output), kernel: three(shape.kernel), stride: three(shape.stride),
      dilation: three(shape.dilation), padding: three(shape.padding))
  }
}
