import Testing
import Utils

@testable import Engine

@Suite("Layers in a row, adapters, initial values")
struct SequentialTests {
  @Test("a sequence names its layers by place or as told, and adds no name of its own")
  func names() {
    var random = RandomStream(seed: 1)
    let numbered = Sequential(Linear(2, 3, using: &random), ReLU(), Linear(3, 1, using: &random))
    #expect(numbered.state().map(\.name) == ["0.weight", "0.bias", "2.weight", "2.bias"])
    let named = Sequential(named: [("norm", BatchNorm1d(2)), ("inner", numbered)])
    #expect(
      named.state().map(\.name) == [
        "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked",
        "inner.0.weight", "inner.0.bias", "inner.2.weight", "inner.2.bias",
      ])
  }

  @Test("a sequence gives each layer what the one before it made")
  func order() {
    let doubled = Sequential(LeakyReLU(slope: 0.5), Tanh(), Sequential())
    #expect(doubled(Tensor([-2, 0])).elements == tanh(Tensor([-1, 0])).elements)
    doubled.replaceLayers { $1 is Tanh ? ReLU() : $1 }
    #expect(doubled(Tensor([-2, 3])).elements == [0, 3])
  }

  @Test("layers without parameters compute what their functions do")
  func functions() {
    let x = Tensor([-1, 0.5, 2, 3], shape: [1, 2, 2, 1])
    #expect(ReLU()(x).elements == relu(x).elements && GELU()(x).elements == gelu(x).elements)
    #expect(SiLU()(x).elements == silu(x).elements && Flatten()(x).shape == [1, 4])
    #expect(Permute([0, 2, 3, 1])(x).elements == [-1, 2, 0.5, 3])
  }

  @Test("LayerNorm2d normalises the channels of each place")
  func layerNorm2d() {
    let norm = LayerNorm2d(2, epsilon: 0)
    norm.weight.set(Tensor([1, 2]))
    norm.bias.set(Tensor([0, 10]))
    #expect(norm(Tensor([1, 5, 3, 1], shape: [1, 2, 1, 2])).elements == [-1, 1, 12, 8])
    #expect(norm.state().map(\.name) == ["weight", "bias"])
  }

  @Test("freezing takes every parameter out of learning, until it is undone")
  func freezing() {
    var random = RandomStream(seed: 3)
    let model = Sequential(Linear(2, 2, using: &random), BatchNorm1d(2))
    model.freeze()
    #expect(model.parameters().allSatisfy { $0.parameter.isFrozen })
    model.unfreeze()
    #expect(!model.parameters().contains { $0.parameter.isFrozen })
  }

  @Test("He's weights have variance 2 / fan, Glorot's 2 / (inputs + outputs)")
  func variances() {
    var random = RandomStream(seed: 4)
    func variance(_ x: Tensor) -> Float { square(x).mean().scalar }
    let shape: Shape = [64, 32, 3, 3]
    #expect(Swift.abs(variance(.heNormal(shape, using: &random)) * 64 * 9 / 2 - 1) < 0.03)
    #expect(Swift.abs(variance(.heNormal(shape, fan: .inputs, using: &random)) * 32 * 9 / 2 - 1) < 0.03)
    let glorot = Tensor.glorotUniform([300, 100], using: &random)
    #expect(Swift.abs(variance(glorot) * 200 - 1) < 0.03)
    #expect(glorot.elements.allSatisfy { Swift.abs($0) <= 0.1225 })
  }

  @Test("initialize changes what it has a value for")
  func initialize() {
    var random = RandomStream(seed: 5)
    let layer = Linear(2, 2, using: &random)
    let weight = layer.weight.value.elements
    layer.initialize { name, shape in name == "bias" ? Tensor(repeating: 7, shape: shape) : nil }
    #expect(layer.weight.value.elements == weight && layer.bias?.value.elements == [7, 7])
  }
}
