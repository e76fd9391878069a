import Testing
import Utils

@testable import Engine

private final class Block: Module {
  let conv: Linear
  let skip: Linear?
  let running_mean = Buffer(Tensor([1, 2]))
  let num_batches_tracked = Buffer(7)
  let width = 3

  init(skip: Bool, using random: inout RandomStream) {
    conv = Linear(2, 3, using: &random)
    self.skip = skip ? Linear(2, 3, bias: false, using: &random) : nil
  }
}

private final class Network: Module {
  let layer1: [Block]
  let fc: Linear
  let scale = Parameter(Tensor([1]))

  init() {
    var random = RandomStream(seed: 1)
    layer1 = [Block(skip: false, using: &random), Block(skip: true, using: &random)]
    fc = Linear(3, 4, using: &random)
  }
}

@Suite("Modules")
struct ModuleTests {
  @Test("name their state by the path of properties, as PyTorch does")
  func names() {
    let expected = [
      "layer1.0.conv.weight", "layer1.0.conv.bias", "layer1.0.running_mean", "layer1.0.num_batches_tracked",
      "layer1.1.conv.weight", "layer1.1.conv.bias", "layer1.1.skip.weight", "layer1.1.running_mean",
      "layer1.1.num_batches_tracked", "fc.weight", "fc.bias", "scale",
    ]
    #expect(Network().state().map(\.name) == expected)
    #expect(
      Network().parameters().map(\.name) == expected.filter { !$0.contains("running") && !$0.contains("num") }
    )
  }

  @Test("count learnt numbers only")
  func count() { #expect(Network().parameterCount == 2 * 9 + 6 + 16 + 1) }

  @Test("a linear layer has PyTorch's shapes and starts within 1 / sqrt(inputs)")
  func linear() {
    var random = RandomStream(seed: 1)
    let layer = Linear(100, 50, using: &random)
    #expect(layer.weight.shape == [50, 100] && layer.bias?.shape == [50])
    let weights = layer.weight.value.elements
    #expect(weights.allSatisfy { $0 >= -0.1 && $0 <= 0.1 })
    #expect((weights.max() ?? 0) > 0.095 && (weights.min() ?? 0) < -0.095)
    #expect(layer(Tensor(repeating: 1, shape: [2, 7, 100])).shape == [2, 7, 50])
  }

  @Test("parameters and buffers have memory of their own")
  func ownership() {
    let start = Tensor([1, 2])
    let (p, q) = (Parameter(start), Parameter(start))
    let pocket = Buffer(p.value)
    p.update { $0[0] = 9 }
    #expect(start.elements == [1, 2] && q.value.elements == [1, 2] && pocket.tensor.elements == [1, 2])
    q.set(p.value)
    pocket.tensor = p.value
    p.update { $0[1] = 8 }
    #expect(q.value.elements == [9, 2] && pocket.tensor.elements == [9, 2] && p.value.elements == [9, 8])
  }
}
