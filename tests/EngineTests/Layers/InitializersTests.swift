import Testing
import Utils

@testable import Engine

@Suite("Initial values")
struct InitializersTests {
  /// Mean and standard deviation.
  private func moments(_ x: Tensor) -> (mean: Double, deviation: Double) {
    let x = x.elements.map(Double.init)
    let mean = x.reduce(0, +) / Double(x.count)
    return (mean, (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)).squareRoot())
  }

  @Test("He's and Glorot's have the deviation of the formula")
  func fans() {
    var random = RandomStream(seed: 1)
    let shape: Shape = [40, 30, 5, 5]  // fan in 750, fan out 1000
    let cases: [(Tensor, Double)] = [
      (.heUniform(shape, using: &random), (2 / 750.0).squareRoot()),
      (.heUniform(shape, fan: .outputs, gain: .tanh, using: &random), 5 / 3 / 1000.0.squareRoot()),
      (
        .heNormal(shape, fan: .inputs, gain: .leakyRelu(slope: 0.2), using: &random),
        (2 / 1.04 / 750).squareRoot()
      ),
      (.heNormal(shape, fan: .outputs, gain: .selu, using: &random), 0.75 / 1000.0.squareRoot()),
      (.glorotNormal(shape, using: &random), (2 / 1750.0).squareRoot()),
      (.glorotUniform(shape, using: &random), (2 / 1750.0).squareRoot()),
    ]
    for (place, (x, expected)) in cases.enumerated() {
      let (mean, deviation) = moments(x)
      #expect(abs(deviation / expected - 1) < 0.02 && abs(mean) < 0.02 * expected, "case \(place)")
    }
  }

  @Test("a truncated normal distribution stays within its range and has its deviation")
  func truncated() {
    var random = RandomStream(seed: 1)
    let x = Tensor.truncatedNormal(mean: 1, deviation: 0.5, in: 0...2, shape: [20_000], using: &random)
    #expect(x.elements.allSatisfy { 0 <= $0 && $0 <= 2 })
    #expect(abs(moments(x).mean - 1) < 0.01 && abs(moments(x).deviation / (0.5 * 0.8796) - 1) < 0.02)
  }

  @Test(
    "orthogonal weights keep lengths",
    arguments: [[6, 6], [4, 10], [10, 4], [8, 2, 3, 3], [1, 5]] as [Shape])
  func orthogonal(shape: Shape) {
    var random = RandomStream(seed: 1)
    let w = Tensor.orthogonal(shape, gain: Gain(2), using: &random)
    #expect(w.shape == shape)
    let rows = w.flattened(from: 1)
    let product =
      rows.shape[0] <= rows.shape[1] ? matmul(rows, rows.transposed()) : matmul(rows.transposed(), rows)
    #expect(
      isClose(product.elements, (Tensor.identity(product.shape[0], product.shape[1]) * 4).elements, 1e-5))
  }

  @Test("a dirac convolution passes its input on")
  func dirac() {
    var random = RandomStream(seed: 1)
    let x = Tensor.normal(shape: [2, 4, 5, 7], using: &random)
    #expect(conv2d(x, .dirac([4, 4, 3, 3]), padding: 1).elements == x.elements)
    #expect(conv2d(x, .dirac([4, 2, 3, 3], groups: 2), padding: 1, groups: 2).elements == x.elements)
    let wide = conv2d(x, .dirac([6, 4, 1, 1]))
    #expect(wide.narrowed(along: 1, from: 4, count: 2).elements.allSatisfy { $0 == 0 })
  }

  @Test("sparse columns have their zeros, the identity its ones")
  func sparse() {
    var random = RandomStream(seed: 1)
    let w = Tensor.sparse([10, 300], sparsity: 0.25, using: &random)
    for c in 0..<300 { #expect((0..<10).count { w.elements[$0 * 300 + c] == 0 } == 3) }
    #expect(abs(moments(w).deviation / (0.01 * 0.7.squareRoot()) - 1) < 0.05)
    #expect(Tensor.identity(2, 3).elements == [1, 0, 0, 0, 1, 0])
  }
}
