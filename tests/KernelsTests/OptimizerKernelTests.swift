import Testing

@testable import Kernels

@Suite("Updates of parameters: fast equals reference")
struct OptimizerKernelTests {
  /// Lengths below, at and beyond a vector's.
  static let counts = [0, 1, 7, 8, 100]

  /// Adam, AdamW, NAdam and RAdam before it rectifies, by their factors.
  static let adams = [
    AdamStep(beta1: 0.9, beta2: 0.999, averageRate: 0.1, rootFactor: 2, epsilon: 1e-8),
    AdamStep(beta1: 0.9, beta2: 0.99, averageRate: 0.1, rootFactor: 1.5, epsilon: 1e-8, decay: 0.01),
    AdamStep(beta1: 0.8, beta2: 0.99, averageRate: 0.1, gradientRate: 0.02, rootFactor: 2, epsilon: 1e-3),
    AdamStep(beta1: 0.9, beta2: 0.999, averageRate: 0.1, rootFactor: 0, epsilon: 1, penalty: 0.1),
  ]

  @Test("Adam and its relatives", arguments: adams, [false, true])
  func adam(step: AdamStep, keepsLargest: Bool) {
    for count in Self.counts {
      func run(_ kernels: some KernelSet) -> [Float] {
        var numbers = Numbers()
        var w = numbers.normal(count)
        let g = numbers.normal(count)
        var (average, square) = (numbers.normal(count), numbers.positive(count))
        var largest = keepsLargest ? numbers.positive(count) : []
        var weights = w.mutableSpan
        var m = average.mutableSpan
        var v = square.mutableSpan
        var s = largest.mutableSpan
        kernels.adam(&weights, gradient: g.span, average: &m, square: &v, largest: &s, step)
        return w + average + square + largest
      }
      expectEqual(run(fast), run(reference), "\(count) weights")
    }
  }

  @Test("Adam's formula on one weight")
  func formula() {
    var (w, m, v): ([Float], [Float], [Float]) = ([2], [0.5], [4])
    var none: [Float] = []
    let step = AdamStep(
      beta1: 0.5, beta2: 0.75, averageRate: 3, gradientRate: 1, rootFactor: 0.5, epsilon: 1, penalty: 0.5,
      decay: 0.25)
    do {
      var weights = w.mutableSpan
      var average = m.mutableSpan
      var square = v.mutableSpan
      var largest = none.mutableSpan
      reference.adam(
        &weights, gradient: [1].span, average: &average, square: &square, largest: &largest, step)
    }
    // g' = 1 + 0.5 * 2 = 2; m = 1.25; v = 3 + 1 = 4; w = 1.5 - (3.75 + 2) / 2
    #expect(m == [1.25] && v == [4] && w == [-1.375])
  }

  @Test("RMSprop keeps a variance that rounding made negative at 0")
  func variance() {
    var (w, v, m): ([Float], [Float], [Float]) = ([1], [1], [1.001])
    var none: [Float] = []
    let step = RMSpropStep(learningRate: 0.1, smoothing: 0.9, epsilon: 1, momentum: 0, weightDecay: 0)
    do {
      var weights = w.mutableSpan
      var square = v.mutableSpan
      var average = m.mutableSpan
      var velocity = none.mutableSpan
      fast.rmsprop(
        &weights, gradient: [1].span, square: &square, average: &average, velocity: &velocity, step)
    }
    #expect(w == [0.9])
  }

  @Test("sum of squares, blend, scale and clamp", arguments: counts)
  func gradients(count: Int) {
    var numbers = Numbers()
    let (x, a) = (numbers.normal(count), numbers.normal(count))
    let (quick, slow) = (fast.sumOfSquares(x.span), reference.sumOfSquares(x.span))
    #expect(abs(quick - slow) <= 1e-12 * slow)
    func changed(_ body: (inout MutableSpan<Float>) -> Void) -> [Float] {
      var copy = a
      var span = copy.mutableSpan
      body(&span)
      return copy
    }
    expectEqual(
      changed { fast.blend(x.span, into: &$0, share: 0.3) },
      changed { reference.blend(x.span, into: &$0, share: 0.3) }, "blend")
    expectEqual(
      changed { reference.blend(x.span, into: &$0, share: 0.25) }, zip(a, x).map { 0.75 * $0 + 0.25 * $1 },
      "the formula")
    expectEqual(changed { fast.scale(&$0, by: -3) }, a.map { -3 * $0 }, "scale")
    expectEqual(changed { reference.scale(&$0, by: -3) }, a.map { -3 * $0 }, "scale")
    expectEqual(changed { fast.clamp(&$0, to: 0.5) }, a.map { min(max($0, -0.5), 0.5) }, "clamp")
  }

  @Test("squares beyond single precision are added, and NaN is not clamped away")
  func extremes() {
    #expect(fast.sumOfSquares([Float](repeating: 1e30, count: 9).span).isFinite)
    var x: [Float] = [.nan, .infinity, -.infinity]
    do {
      var span = x.mutableSpan
      fast.clamp(&span, to: 2)
    }
    #expect(x[0].isNaN && x[1] == 2 && x[2] == -2)
  }
}
