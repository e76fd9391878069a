import Testing
import Utils

@testable import Engine

@Suite("Spectral and weight norm")
struct ReparameterizationTests {
  private func training<Result>(_ body: () -> Result) -> Result { withMode(.training, body) }

  @Test("the names are PyTorch's")
  func names() {
    var random = RandomStream(seed: 1)
    #expect(
      SpectralNorm(Linear(3, 2, using: &random), using: &random).state().map(\.name) == [
        "bias", "parametrizations.weight.original", "parametrizations.weight.0._u",
        "parametrizations.weight.0._v",
      ])
    #expect(
      WeightNorm(Conv2d(3, 2, kernel: 3, using: &random)).state().map(\.name) == [
        "bias", "parametrizations.weight.original0", "parametrizations.weight.original1",
      ])
    let bare = WeightNorm(Linear(3, 2, bias: false, using: &random))
    #expect(
      bare.state().map(\.name) == ["parametrizations.weight.original0", "parametrizations.weight.original1"])
    #expect(bare.parameters()[0].parameter.shape == [2, 1])
  }

  @Test("spectral norm divides by the largest singular value")
  func sigma() {
    var random = RandomStream(seed: 1)
    let linear = Linear(3, 3, bias: false, using: &random)
    linear.weight.set(Tensor([3, 0, 0, 0, -5, 0, 0, 0, 1], shape: [3, 3]))
    let layer = SpectralNorm(linear, iterations: 20, using: &random)
    let y = training { layer(.identity(3, 3)) }
    #expect(isClose(y.elements, [0.6, 0, 0, 0, -1, 0, 0, 0, 0.2], 1e-5))
    let before = layer.state().map { "\($0.item)" }.count
    #expect(before == 3 && layer(.identity(3, 3)).elements == y.elements, "evaluation iterates no further")
  }

  @Test("a training pass takes one step of the power iteration, u first")
  func step() {
    var random = RandomStream(seed: 2)
    let linear = Linear(2, 2, bias: false, using: &random)
    let layer = SpectralNorm(linear, using: &random)
    func buffer(_ name: String) -> Buffer? {
      layer.state().compactMap { $0.name.hasSuffix(name) ? $0.item : nil }.first.flatMap {
        if case .buffer(let buffer) = $0 { buffer } else { nil }
      }
    }
    linear.weight.set(Tensor([1, 2, 0, 4], shape: [2, 2]))
    buffer("_v")?.tensor = Tensor([1, 0])
    _ = training { layer(.identity(2, 2)) }
    #expect(isClose(buffer("_u")?.tensor.elements ?? [], [1, 0], 1e-6))  // W v = (1, 0)
    let root = Float(5).squareRoot()
    #expect(isClose(buffer("_v")?.tensor.elements ?? [], [1 / root, 2 / root], 1e-6))  // WT u = (1, 2)
  }

  @Test("the gradients are central differences, in evaluation with u and v as constants")
  func gradients() {
    var random = RandomStream(seed: 3)
    let x = Tensor.normal(shape: [2, 2, 5, 5], using: &random)
    let layers: [any Layer] = [
      SpectralNorm(Conv2d(2, 3, kernel: 3, using: &random), iterations: 100, using: &random),
      SpectralNorm(ConvTranspose2d(2, 3, kernel: 2, stride: 2, using: &random), using: &random),
      WeightNorm(Conv2d(2, 3, kernel: 3, using: &random)),
      WeightNorm(ConvTranspose2d(2, 3, kernel: 2, using: &random)),
    ]
    for layer in layers {
      let check = GradientCheck(of: layer, entries: 12, using: &random) { square(layer(x)).sum() }
      #expect((check.worst?.error ?? 1) < 0.02, "\(layer): \(String(describing: check.worst))")
      #expect(check.unused.isEmpty)
    }
  }

  @Test("weight norm begins as its base, and the length alone scales the output")
  func lengths() {
    var random = RandomStream(seed: 4)
    let base = Linear(4, 3, bias: false, using: &random)
    let x = Tensor.normal(shape: [5, 4], using: &random)
    let before = base(x)
    let layer = WeightNorm(base)
    #expect(isClose(layer(x).elements, before.elements, 1e-6))
    base.weight.set(base.weight.value * 7)
    #expect(isClose(layer(x).elements, before.elements, 1e-6), "the direction's length does not count")
    layer.parameters()[0].parameter.update { for i in 0..<$0.count { $0[i] *= 2 } }
    #expect(isClose(layer(x).elements, (before * 2).elements, 1e-6))
  }
}
