import Testing

@testable import Kernels

@Suite("Normalisation: fast equals reference")
struct NormalizationTests {
  /// Layer, group and instance norm, narrower and wider than a vector, and nothing.
  static let rowShapes = [
    RowNormShape(rows: 1, width: 1, epsilon: 1e-5), RowNormShape(rows: 5, width: 7, epsilon: 1e-5),
    RowNormShape(rows: 4, width: 33, isCentred: false, epsilon: 1e-6),
    RowNormShape(rows: 6, width: 2 * 13, cycle: 3, shared: 13, epsilon: 1e-5),
    RowNormShape(rows: 6, width: 17, cycle: 3, shared: 17, epsilon: 0.1),
    RowNormShape(rows: 6, width: 4, cycle: 2, epsilon: 1e-5), RowNormShape(rows: 0, width: 4, epsilon: 1e-5),
    RowNormShape(rows: 3, width: 0, epsilon: 1e-5),
  ]

  @Test("rows, forwards and backwards", arguments: rowShapes, [false, true])
  func rows(shape: RowNormShape, hasWeights: Bool) {
    var numbers = Numbers()
    let count = shape.rows * shape.width
    let (x, g) = (numbers.normal(count, scale: 3), numbers.normal(count))
    let weight = hasWeights ? numbers.normal(shape.weightCount) : []
    let bias = hasWeights ? numbers.normal(shape.weightCount) : []
    let (quick, slow) = (forward(fast, x, weight, bias, shape), forward(reference, x, weight, bias, shape))
    expectEqual(quick.y, slow.y, "\(shape)")
    expectEqual(quick.means, slow.means, "means of \(shape)")
    expectEqual(quick.scales, slow.scales, "scales of \(shape)")
    func dx(_ kernels: some KernelSet) -> [Float] {
      written(count) {
        kernels.rowNormInputGradient(
          g.span, x: x.span, weight: weight.span, means: slow.means.span, scales: slow.scales.span, into: &$0,
          shape)
      }
    }
    expectEqual(dx(fast), dx(reference), "input gradient of \(shape)", tolerance: 1e-4)
    for wanted in [0, shape.weightCount] {
      func gradients(_ kernels: some KernelSet) -> (weight: [Float], bias: [Float]) {
        var weight: [Float] = []
        let bias = written(wanted) { bias in
          weight = written(shape.weightCount) {
            kernels.rowNormParameterGradients(
              g.span, x: x.span, means: slow.means.span, scales: slow.scales.span, weight: &$0, bias: &bias,
              shape)
          }
        }
        return (weight, bias)
      }
      expectEqual(gradients(fast).weight, gradients(reference).weight, "weight gradient of \(shape)")
      expectEqual(gradients(fast).bias, gradients(reference).bias, "bias gradient of \(shape)")
    }
  }

  private func forward(
    _ kernels: some KernelSet, _ x: [Float], _ weight: [Float], _ bias: [Float], _ shape: RowNormShape
  ) -> (y: [Float], means: [Float], scales: [Float]) {
    var (y, means): ([Float], [Float]) = ([], [])
    let scales = written(shape.rows) { scales in
      means = written(shape.rows) { means in
        y = written(x.count) {
          kernels.rowNorm(
            x.span, weight: weight.span, bias: bias.span, into: &$0, means: &means, scales: &scales, shape)
        }
      }
    }
    return (y, means, scales)
  }

  @Test(
    "equal numbers become the bias, and numbers of any size stay finite",
    arguments: [Float(0), 7, 1e-30, 1e30])
  func hardRows(size: Float) {
    let shape = RowNormShape(rows: 1, width: 9, epsilon: 1e-5)
    let equal = [Float](repeating: size, count: 9)
    #expect(forward(fast, equal, [], [], shape).y == [Float](repeating: 0, count: 9))
    #expect(forward(reference, equal, [], [], shape).y == [Float](repeating: 0, count: 9))
    let mixed = (0..<9).map { size * Float($0 - 4) }
    expectEqual(
      forward(fast, mixed, [], [], shape).y, forward(reference, mixed, [], [], shape).y, "size \(size)")
    #expect(forward(reference, mixed, [], [], shape).y.allSatisfy { $0.isFinite })
  }

  @Test("a mean a million times the deviation does not drown the variance")
  func farFromZero() {
    let x = (0..<16).map { 1_000_000 + Float($0 % 2) }
    let shape = BatchNormShape(batch: 1, channels: 1, space: 16)
    for kernels in [fast, reference] as [any KernelSet] {
      var means: [Float] = []
      let variances = written(1) { variances in
        means = written(1) {
          kernels.channelStatistics(x.span, means: &$0, variances: &variances, shape)
        }
      }
      #expect(means == [1_000_000.5] && variances == [0.25])
    }
  }

  static let channelShapes = [(1, 1, 1), (5, 7, 1), (3, 4, 2), (2, 3, 35), (1, 5, 8), (0, 3, 4), (2, 3, 0)]
    .map { BatchNormShape(batch: $0, channels: $1, space: $2) }

  @Test(
    "local response, forwards and backwards", arguments: channelShapes,
    [
      LocalResponse(size: 5, alpha: 0.5, beta: 0.75, k: 2), LocalResponse(size: 2, alpha: 1, beta: 0.5, k: 1),
      LocalResponse(size: 1, alpha: 0.1, beta: 1, k: 0.5),
    ])
  func localResponse(shape: BatchNormShape, norm: LocalResponse) {
    var numbers = Numbers()
    let count = shape.batch * shape.channels * shape.space
    let (x, g) = (numbers.normal(count, scale: 3), numbers.normal(count))
    func forward(_ kernels: some KernelSet) -> (y: [Float], s: [Float]) {
      var y: [Float] = []
      let s = written(count) { s in
        y = written(count) { kernels.localResponseNorm(x.span, into: &$0, divisors: &s, norm, shape) }
      }
      return (y, s)
    }
    let (quick, slow) = (forward(fast), forward(reference))
    expectEqual(quick.y, slow.y, "\(shape)")
    expectEqual(quick.s, slow.s, "divisors of \(shape)")
    func dx(_ kernels: some KernelSet) -> [Float] {
      written(count) {
        kernels.localResponseNormGradient(g.span, x: x.span, divisors: slow.s.span, into: &$0, norm, shape)
      }
    }
    expectEqual(dx(fast), dx(reference), "input gradient of \(shape)")
  }

  @Test("channels, forwards and backwards", arguments: channelShapes, [false, true])
  func channels(shape: BatchNormShape, hasWeights: Bool) {
    var numbers = Numbers()
    let (count, channels) = (shape.batch * shape.channels * shape.space, shape.channels)
    let (x, g) = (numbers.normal(count, scale: 3), numbers.normal(count))
    let weight = hasWeights ? numbers.normal(channels) : []
    let bias = hasWeights ? numbers.normal(channels) : []
    let (means, scales) = (numbers.normal(channels), numbers.positive(channels))
    func statistics(_ kernels: some KernelSet) -> [Float] {
      var means: [Float] = []
      let variances = written(channels) { variances in
        means = written(channels) {
          kernels.channelStatistics(x.span, means: &$0, variances: &variances, shape)
        }
      }
      return means + variances
    }
    expectEqual(statistics(fast), statistics(reference), "statistics of \(shape)")
    func y(_ kernels: some KernelSet) -> [Float] {
      written(count) {
        kernels.channelNorm(
          x.span, means: means.span, scales: scales.span, weight: weight.span, bias: bias.span, into: &$0,
          shape)
      }
    }
    expectEqual(y(fast), y(reference), "\(shape)")
    func sums(_ kernels: some KernelSet) -> [Float] {
      var dweight: [Float] = []
      let dbias = written(channels) { dbias in
        dweight = written(channels) {
          kernels.channelNormParameterGradients(
            g.span, x: x.span, means: means.span, scales: scales.span, weight: &$0, bias: &dbias, shape)
        }
      }
      return dweight + dbias
    }
    expectEqual(sums(fast), sums(reference), "parameter gradients of \(shape)", tolerance: 1e-4)
    let (dweight, dbias) = (numbers.normal(channels), numbers.normal(channels))
    func dx(_ kernels: some KernelSet) -> [Float] {
      written(count) {
        kernels.channelNormInputGradient(
          g.span, x: x.span, means: means.span, scales: scales.span, weight: weight.span,
          dweight: dweight.span, dbias: dbias.span, into: &$0, shape)
      }
    }
    expectEqual(dx(fast), dx(reference), "input gradient of \(shape)")
  }
}
