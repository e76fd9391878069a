import Testing

@testable import Engine

@Suite("Convolutions, pooling and normalisation at the edge")
struct SpatialOpEdgeTests {
  /// Values of PyTorch's documentation and definitions, by hand.
  @Test("max pooling: the first of equals, NaN wins, a window may begin in the padding")
  func maxPooling() {
    let x = Tensor([1, 5, 5, 2, .nan, 0], shape: [1, 1, 6])
    let y = maxPool1d(x, 3)
    #expect(y.elements[0] == 5 && y.elements[1].isNaN)
    let gradient = valueAndGradients(at: [x]) { maxPool1d($0[0], 3) }.gradients[0]
    #expect(gradient?.elements == [0, 1, 0, 0, 1, 0])
    #expect(maxPool1d(Tensor([-3, -4], shape: [1, 1, 2]), 2, stride: 2, padding: 1).elements == [-3, -4])
    // a window whose only place lies beyond a tiny input sees nothing
    let nothing = maxPool1d(Tensor([7], shape: [1, 1, 1]), 2, padding: 2, dilation: 3)
    #expect(nothing.elements == [-.infinity])
  }

  @Test("average pooling in ceil mode divides as PyTorch does")
  func averagePooling() {
    let x = Tensor([1, 2, 3, 4, 5], shape: [1, 1, 5])
    #expect(avgPool1d(x, 2, ceilMode: true).elements == [1.5, 3.5, 5])
    #expect(avgPool1d(x, 3, stride: 2, padding: 1).elements == [1, 3, 3])
    #expect(avgPool1d(x, 3, stride: 2, padding: 1, countIncludesPadding: false).elements == [1.5, 3, 4.5])
    // a last window that would begin in the far padding is left out
    #expect(avgPool1d(x, 2, stride: 3, padding: 1, ceilMode: true).elements == [0.5, 3.5])
    #expect(avgPool2d(Tensor([1, 2, 3, 4], shape: [1, 1, 2, 2]), 2, divisor: 3).elements == [10 / 3])
  }

  @Test("interpolation by hand")
  func interpolation() {
    let x = Tensor([0, 4], shape: [1, 1, 2])
    #expect(interpolate(x, to: 4).elements == [0, 0, 4, 4])
    #expect(interpolate(x, to: 4, .linear).elements == [0, 1, 3, 4])
    #expect(interpolate(x, to: 5, .linear, alignCorners: true).elements == [0, 1, 2, 3, 4])
    #expect(interpolate(x, by: 1.5).shape == [1, 1, 3])
    // a cubic through equal numbers is that number, through places of a grid theirs
    let four = Tensor([3, 1, 4, 1], shape: [1, 1, 4])
    #expect(interpolate(four, to: 4, .cubic).elements == [3, 1, 4, 1])
    let equal = interpolate(Tensor(repeating: 2, shape: [1, 1, 3]), to: 7, .cubic).elements
    #expect(isClose(equal, Array(repeating: 2, count: 7), 1e-6))
  }

  @Test("the pixel unshuffle undoes the shuffle")
  func shuffle() {
    let x = Tensor((0..<16).map { Float($0) }, shape: [1, 8, 1, 2])
    let y = pixelShuffle(x, 2)
    #expect(y.shape == [1, 2, 2, 4] && y.elements == [0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15])
    #expect(pixelUnshuffle(y, 2).elements == x.elements)
  }

  @Test("norms of no variance are the bias, forwards and backwards finite")
  func noVariance() {
    let (x, weight, bias) = (
      Tensor(repeating: 3, shape: [2, 4]), Tensor([2, 2, 2, 2]), Tensor([1, 2, 3, 4])
    )
    for norm in [
      { layerNorm($0[0], $0[1], $0[2]) }, { batchNorm($0[0], $0[1], $0[2]).output },
      { groupNorm($0[0], groups: 2, $0[1], $0[2]) },
    ] as [([Tensor]) -> Tensor] {
      let (y, gradients) = valueAndGradients(at: [x, weight, bias], norm)
      #expect(y.elements == [1, 2, 3, 4, 1, 2, 3, 4])
      #expect(gradients.allSatisfy { $0?.elements.allSatisfy(\.isFinite) == true })
    }
    #expect(rmsNorm(Tensor([0, 0]), nil).elements == [0, 0])
  }

  @Test("p-norms: of zeros nothing flows")
  func lpPooling() {
    let x = Tensor([3, 4, 0, 0], shape: [1, 1, 4])
    let (y, gradients) = valueAndGradients(at: [x]) { lpPool1d($0[0], norm: 2, 2) }
    #expect(isClose(y.elements, [5, 0], 1e-6))
    #expect(isClose(gradients[0]?.elements ?? [], [0.6, 0.8, 0, 0], 1e-6))
  }

  private func message(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test("a convolution that does not fit traps with the op and the shapes")
  func convolutionTraps() async {
    let channels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = conv2d(Tensor(repeating: 0, shape: [1, 3, 5, 5]), Tensor(repeating: 0, shape: [4, 2, 3, 3]))
    }
    #expect(
      message(channels).contains("conv2d: input [1, 3, 5, 5], weight [4, 2, 3, 3], bias none and 1 groups"))
    let size = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = conv2d(
        Tensor(repeating: 0, shape: [1, 2, 5, 3]), Tensor(repeating: 0, shape: [4, 2, 3, 3]), dilation: 2)
    }
    #expect(message(size).contains("that reaches over 5 does not fit into input [1, 2, 5, 3]"))
    let rank = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = conv2d(Tensor(repeating: 0, shape: [2, 5, 5]), Tensor(repeating: 0, shape: [4, 2, 3, 3]))
    }
    #expect(message(rank).contains("conv2d: the input is [N, C] and 2 sizes of space, got [2, 5, 5]"))
    let numbers = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = maxPool2d(Tensor(repeating: 0, shape: [1, 1, 5, 5]), [2, 2, 2])
    }
    #expect(message(numbers).contains("[2, 2, 2] has not one number for each of 2 directions"))
  }

  @Test("training on one value a channel traps, as PyTorch raises")
  func normTraps() async {
    let batch = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = withMode(.training) { BatchNorm2d(3)(Tensor(repeating: 0, shape: [1, 3, 1, 1])) }
    }
    #expect(message(batch).contains("training needs more than one value a channel, got input [1, 3, 1, 1]"))
    let instance = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = instanceNorm(Tensor(repeating: 0, shape: [2, 3, 1, 1]), nil, nil)
    }
    #expect(message(instance).contains("more than one place of space is needed, got input [2, 3, 1, 1]"))
    let rows = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LayerNorm(4)(Tensor(repeating: 0, shape: [2, 5]))
    }
    #expect(message(rows).contains("LayerNorm: the input ends in [4], got [2, 5]"))
  }
}
