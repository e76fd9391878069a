import Testing

@testable import Kernels

@Suite("Pooling")
struct PoolingTests {
  /// Windows of `kernel` places, `stride` apart, over `size` places with padding.
  static func windows(_ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int = 0, step: Int = 1)
    -> [PoolingWindow]
  {
    let reach = (kernel - 1) * step + 1
    return (0...(size + 2 * padding - reach) / stride).map { output in
      let start = output * stride - padding
      let first = start < 0 ? start + (step - 1 - start) / step * step : start
      return PoolingWindow(first: first, end: min(start + reach, size), step: step, weight: kernel)
    }
  }

  static let one = windows(1, 1, 1)

  static let shapes: [PoolingShape] = [
    PoolingShape(
      planes: 3, input: Extent([7], missing: 1), depth: one, height: one, width: windows(7, 3, 2, 1)),
    PoolingShape(
      planes: 2, input: Extent([9, 6], missing: 1), depth: one, height: windows(9, 2, 2),
      width: windows(6, 3, 1, 1, step: 2)),
    PoolingShape(
      planes: 1, input: Extent([3, 4, 5], missing: 1), depth: windows(3, 2, 1), height: windows(4, 2, 3),
      width: windows(5, 5, 1)),
    PoolingShape(planes: 0, input: Extent([4], missing: 1), depth: one, height: one, width: windows(4, 2, 2)),
    PoolingShape(
      planes: 2, input: Extent([1], missing: 1), depth: one, height: one, width: windows(1, 2, 2, 2, step: 3)),
  ]

  /// Side by side with the channels last: few, eight, more than eight, and with a rest that no window sees.
  static let tiles: [PoolingShape] = [6, 8, 19, 1, 2].map { lanes in
    PoolingShape(
      planes: 3, lanes: lanes, input: Extent([7, 6], missing: 1), depth: one, height: windows(7, 2, 2),
      width: windows(6, lanes == 19 ? 4 : 2, lanes == 19 ? 4 : 2))
  }

  @Test("the largest and its place: fast equals reference", arguments: shapes + tiles)
  func maximum(shape: PoolingShape) {
    var numbers = Numbers()
    let numbersAPlace = shape.planes * shape.lanes
    let (inputs, outputs) = (numbersAPlace * shape.input.volume, numbersAPlace * shape.output.volume)
    var x = numbers.normal(inputs)
    for round in 0..<3 {
      if round > 0 { for i in stride(from: round, to: inputs, by: 4) { x[i] = round == 1 ? .nan : 1 } }
      func pooled(_ kernels: some KernelSet) -> (y: [Float], at: [Int32]) {
        var at = [Int32](repeating: -2, count: outputs)
        var places = at.mutableSpan
        let y = written(outputs) { kernels.maxPooling(x.span, into: &$0, at: &places, shape) }
        return (y, at)
      }
      let (quick, slow) = (pooled(fast), pooled(reference))
      expectEqual(quick.y, slow.y, "round \(round)")
      #expect(quick.at == slow.at)
      let g = numbers.normal(outputs)
      func gradient(_ kernels: some KernelSet) -> [Float] {
        written(inputs) { kernels.maxPoolingGradient(g.span, at: slow.at.span, into: &$0, shape) }
      }
      expectEqual(gradient(fast), gradient(reference), "gradient, round \(round)")
    }
  }

  @Test("the reference by hand: the first of equals, a mean by its weight, gradients to their places")
  func byHand() {
    let shape = PoolingShape(
      planes: 1, input: Extent([5], missing: 1), depth: Self.one, height: Self.one,
      width: Self.windows(5, 3, 2))
    let (x, g): ([Float], [Float]) = ([1, 4, 4, 0, 9], [3, 6])
    var at: [Int32] = [-2, -2]
    var places = at.mutableSpan
    #expect(written(2) { reference.maxPooling(x.span, into: &$0, at: &places, shape) } == [4, 9])
    #expect(at == [1, 4])
    #expect(
      written(5) { reference.maxPoolingGradient(g.span, at: at.span, into: &$0, shape) } == [0, 3, 0, 0, 6])
    #expect(written(2) { reference.averagePooling(x.span, into: &$0, shape) } == [3, Float(13) / 3])
    #expect(written(5) { reference.averagePoolingGradient(g.span, into: &$0, shape) } == [1, 1, 3, 2, 2])
  }
}
