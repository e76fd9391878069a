import Testing

@testable import Kernels

@Suite("Convolutions: fast equals reference")
struct ConvolutionTests {
  /// Odd sizes, one to three directions, one tap, groups, depthwise, strides beyond the kernel, nothing.
  static let shapes: [ConvolutionShape] = [
    shape(1, (1, 1), [1], [1]), shape(2, (3, 5), [17], [4], stride: [3], padding: [2]),
    shape(2, (3, 8), [9, 7], [3, 3], padding: [1, 1]), shape(3, (8, 6), [7, 5], [1, 1]),
    shape(2, (8, 6), [7, 5], [1, 1], stride: [2, 3], groups: 2),
    shape(1, (4, 4), [5, 5], [1, 1], padding: [1, 1]),
    shape(2, (6, 4), [8, 11], [2, 5], stride: [3, 7], padding: [1, 0], dilation: [2, 1], groups: 2),
    shape(2, (5, 5), [9, 13], [3, 3], padding: [1, 1], groups: 5),
    shape(1, (3, 6), [10, 19], [7, 2], stride: [1, 2], padding: [3, 1], groups: 3),
    shape(1, (1, 1), [2, 2], [2, 2], padding: [5, 5]), shape(1, (2, 3), [16, 20], [4, 4], stride: [4, 4]),
    shape(1, (3, 5), [4, 6, 7], [3, 2, 3], stride: [1, 2, 2], padding: [1, 0, 1]),
    shape(0, (3, 5), [4, 6], [3, 3]), shape(2, (32, 48), [14, 14], [3, 3], padding: [1, 1]),
  ]

  static func shape(
    _ batch: Int, _ channels: (Int, Int), _ input: [Int], _ kernel: [Int], stride: [Int]? = nil,
    padding: [Int]? = nil, dilation: [Int]? = nil, groups: Int = 1
  ) -> ConvolutionShape {
    ConvolutionShape(
      batch: batch, inputChannels: channels.0, outputChannels: channels.1, groups: groups,
      input: Extent(input, missing: 1), kernel: Extent(kernel, missing: 1),
      stride: Extent(stride ?? [1], missing: 1), padding: Extent(padding ?? [0], missing: 0),
      dilation: Extent(dilation ?? [1], missing: 1))
  }

  @Test("forwards and both gradients", arguments: shapes)
  func agreement(shape: ConvolutionShape) {
    var numbers = Numbers()
    let terms = Float(max(shape.channelsPerGroup * shape.kernel.volume, 1)).squareRoot()
    let (x, w) = (numbers.normal(shape.inputCount), numbers.normal(shape.weightCount, scale: 1 / terms))
    let (g, bias) = (numbers.normal(shape.outputCount), numbers.normal(shape.outputChannels))
    // the fast kernels take and give images with the channels last
    #expect(fast.convolutionOrder == .channelsLast && reference.convolutionOrder == .rowMajor)
    let (lastX, lastG) = (shape.channelsLast(input: x), shape.channelsLast(output: g))
    for bias in [[], bias] {
      expectEqual(
        written(shape.outputCount) {
          fast.convolution(lastX.span, w.span, bias: bias.span, into: &$0, shape)
        },
        shape.channelsLast(
          output: written(shape.outputCount) {
            reference.convolution(x.span, w.span, bias: bias.span, into: &$0, shape)
          }),
        "\(shape)")
    }
    expectEqual(
      written(shape.inputCount) { fast.convolutionInputGradient(lastG.span, w.span, into: &$0, shape) },
      shape.channelsLast(
        input: written(shape.inputCount) {
          reference.convolutionInputGradient(g.span, w.span, into: &$0, shape)
        }),
      "input gradient of \(shape)")
    // sums over all places: their error grows with them
    expectEqual(
      written(shape.weightCount) {
        fast.convolutionWeightGradient(lastG.span, lastX.span, into: &$0, shape)
      },
      written(shape.weightCount) { reference.convolutionWeightGradient(g.span, x.span, into: &$0, shape) },
      "weight gradient of \(shape)", tolerance: 1e-4)
  }

  @Test("the reference computes a 2 x 2 kernel over 3 x 3 places as by hand")
  func byHand() {
    let shape = Self.shape(1, (1, 1), [3, 3], [2, 2])
    let (x, w, b): ([Float], [Float], [Float]) = ([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 10, 100, 1000], [0.5])
    #expect(
      written(4) { reference.convolution(x.span, w.span, bias: b.span, into: &$0, shape) } == [
        5421.5, 6532.5, 8754.5, 9865.5,
      ])
    let g: [Float] = [1, 0, 0, 2]
    #expect(
      written(9) { reference.convolutionInputGradient(g.span, w.span, into: &$0, shape) } == [
        1, 10, 0, 100, 1002, 20, 0, 200, 2000,
      ])
    #expect(
      written(4) { reference.convolutionWeightGradient(g.span, x.span, into: &$0, shape) } == [
        11, 14, 20, 23,
      ])
  }

  @Test("a part of the output is what the whole has there")
  func partOfTheOutput() {
    let whole = Self.shape(1, (1, 1), [6], [2])
    let part = ConvolutionShape(
      batch: 1, inputChannels: 1, outputChannels: 1, input: whole.input, kernel: whole.kernel,
      stride: whole.stride, padding: whole.padding, dilation: whole.dilation,
      output: Extent([3], missing: 1))
    let (x, w): ([Float], [Float]) = ([1, 2, 3, 4, 5, 6], [1, 10])
    for kernels in [fast, reference] as [any KernelSet] {
      #expect(
        written(5) { kernels.convolution(x.span, w.span, bias: Span(), into: &$0, whole) } == [
          21, 32, 43, 54, 65,
        ])
      #expect(
        written(3) { kernels.convolution(x.span, w.span, bias: Span(), into: &$0, part) } == [21, 32, 43])
    }
  }
}

extension ConvolutionShape {
  /// An input in the other order: the channels after the places.
  fileprivate func channelsLast(input x: [Float]) -> [Float] {
    transposed(x, rows: inputChannels, columns: input.volume)
  }

  /// An output in the other order.
  fileprivate func channelsLast(output y: [Float]) -> [Float] {
    transposed(y, rows: outputChannels, columns: output.volume)
  }

  private func transposed(_ x: [Float], rows: Int, columns: Int) -> [Float] {
    written(x.count) {
      reference.transpose(x.span, into: &$0, batch: batch, rows: rows, columns: columns)
    }
  }
}
