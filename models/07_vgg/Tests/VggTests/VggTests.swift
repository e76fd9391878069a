import Backbones
import Engine
import Testing
import Utils

@testable import Vgg

/// The network by itself: shapes, names, sizes, and that it can learn.
@Suite struct VggTests {
  private func network(_ depth: VGG.Depth, width: Int = 4, batchNorm: Bool = true) -> SmallVGG {
    var random = RandomStream(seed: 1)
    return SmallVGG(depth, classes: 10, width: width, batchNorm: batchNorm, dropout: 0, using: &random)
  }

  private func pictures(_ count: Int, side: Int = 32) -> Tensor {
    var random = RandomStream(seed: 2)
    return .normal(deviation: 1, shape: [count, 3, side, side], using: &random)
  }

  @Test func eachStageHalvesTheSidesAndHasItsWidth() {
    let stages = network(.vgg11).stages(pictures(2))
    #expect(
      stages.map(\.maps.shape) == [
        [2, 4, 32, 32], [2, 8, 16, 16], [2, 16, 8, 8], [2, 32, 4, 4], [2, 32, 2, 2],
      ])
    #expect(network(.vgg11)(pictures(2, side: 28)).shape == [2, 10])
  }

  /// Table 1 of the paper, from which the number of weights follows.
  @Test(arguments: [(VGG.Depth.vgg11, 8), (.vgg13, 10), (.vgg16, 13), (.vgg19, 16)])
  func layersWithWeights(depth: VGG.Depth, convolutions: Int) {
    let parameters = network(depth, batchNorm: false).parameters().filter { $0.name.hasSuffix("weight") }
    #expect(parameters.count == convolutions + 3 && parameters.count == depth.rawValue)
    let counted = parameters.reduce(0) { $0 + $1.parameter.shape.elementCount }
    #expect(counted == SmallVGG.weightCount(depth, inputs: 3, classes: 10, width: 4))
  }

  @Test func ofTheStatedSize() {
    #expect(network(.vgg11, width: 16).parameterCount == 1_770_442)
    #expect(network(.vgg16, width: 16, batchNorm: false).parameterCount == 2_112_730)
  }

  @Test func stateNamesAreTorchvisions() {
    let names = network(.vgg11).state().map(\.name)
    #expect(names.starts(with: ["features.0.weight", "features.0.bias", "features.1.weight"]))
    #expect(names.suffix(2) == ["classifier.6.weight", "classifier.6.bias"])
  }

  @Test(arguments: [true, false]) func learnsOneBatchByHeart(batchNorm: Bool) throws {
    let network = network(.vgg11, batchNorm: batchNorm)
    let rule = GradientRule(
      network: network, loss: .crossEntropy,
      optimizer: SGD(network.parameters(), learningRate: 0.02, momentum: 0.9))
    let batch = Batch(
      inputs: pictures(8), labels: IndexTensor([0, 1, 2, 3, 0, 1, 2, 3]), indices: Array(0..<8))
    try withMode(.training, randomness: Randomness(seed: 1, step: 1)) {
      for _ in 0..<60 { _ = try rule.step(batch) }
      #expect(try rule.step(batch).means.first { $0.name == "loss" }?.value ?? 1 < 0.1)
    }
  }
}
