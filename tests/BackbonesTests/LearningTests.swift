import Backbones
import Engine
import Testing
import Utils

@Suite("Architectures that learn")
struct LearningTests {
  /// The losses of some steps on one batch.
  private func losses(_ model: any Layer, steps: Int, rate: Float, using random: inout RandomStream)
    -> [Float]
  {
    let x = Tensor.normal(shape: [4, 3, 32, 32], using: &random)
    let labels = IndexTensor([0, 1, 2, 1])
    let optimizer = Adam(
      model.parameters().filter { !$0.parameter.isFrozen }, learningRate: rate)
    return (1...steps).map { step in
      withMode(.training, randomness: Randomness(seed: 1, step: step)) {
        let (loss, gradients) = valueAndGradients { crossEntropy(model(x), labels) }
        optimizer.update(with: gradients)
        return loss.scalar
      }
    }
  }

  @Test("ResNet-18 and ConvNeXt-Tiny learn one batch by heart")
  func overfit() {
    var random = RandomStream(seed: 1)
    let resNet = losses(ResNet.resNet18(classes: 3, using: &random), steps: 8, rate: 1e-3, using: &random)
    #expect((resNet.last ?? 1) < 0.1 * (resNet.first ?? 0), "\(resNet)")
    let convNeXt = ConvNeXt(.tiny, classes: 3, stochasticDepth: 0, using: &random)
    let others = losses(convNeXt, steps: 8, rate: 1e-3, using: &random)
    #expect((others.last ?? 1) < 0.1 * (others.first ?? 0), "\(others)")
  }

  @Test("low-rank adapters begin as the network they adapt, and only they and the classifier learn")
  func adapters() throws {
    var random = RandomStream(seed: 2)
    let model = ResNet.resNet50(classes: 3, using: &random)
    let x = Tensor.normal(shape: [2, 3, 32, 32], using: &random)
    let before = model(x).elements
    let count = model.parameterCount
    model.freeze()
    model.unfreeze("fc.*")
    let names = try model.addAdapters(
      LoRA(rank: 8), to: ["layer*.conv1", "layer*.conv3", "*downsample.0"], using: &random)
    #expect(names.count == 36)
    #expect(model(x).elements == before)
    #expect(model.parameterCount - count == 331_776)
    let (_, gradients) = withMode(.training) {
      valueAndGradients { crossEntropy(model(x), IndexTensor([0, 1])) }
    }
    for (name, parameter) in model.parameters() {
      let learns = name.hasPrefix("fc.") || name.contains("lora_")
      #expect(parameter.isFrozen == !learns && (gradients[parameter] != nil) == learns, "\(name)")
    }
    let learning = losses(model, steps: 6, rate: 1e-3, using: &random)
    #expect((learning.last ?? 1) < 0.5 * (learning.first ?? 0), "\(learning)")
  }

  @Test("CBAM weighs channels and places between 0 and 1, and every parameter learns")
  func attention() {
    var random = RandomStream(seed: 3)
    let cbam = CBAM(32, using: &random)
    let x = Tensor.normal(shape: [2, 32, 5, 7], using: &random)
    let y = cbam(x)
    #expect(y.shape == x.shape)
    #expect(zip(x.elements, y.elements).allSatisfy { Swift.abs($1) < Swift.abs($0) && $0 * $1 > 0 })
    let (_, gradients) = valueAndGradients { square(cbam(x)).sum() }
    for (name, parameter) in cbam.parameters() {
      #expect(gradients[parameter]?.shape == parameter.shape, "\(name)")
    }
  }
}
