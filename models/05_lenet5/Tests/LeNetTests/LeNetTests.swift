import Engine
import Testing
import Utils

@testable import LeNet

/// The network of 1998 by itself: its shapes, its names, the paper's counts, and that it can learn.
@Suite struct LeNetTests {
  private func network(channels: Int = 1, side: Int = 28) -> OriginalLeNet {
    var random = RandomStream(seed: 1)
    return OriginalLeNet(channels: channels, side: side, using: &random)
  }

  private func images(_ count: Int, channels: Int = 1, side: Int = 28) -> Tensor {
    var random = RandomStream(seed: 2)
    return .normal(shape: [count, channels, side, side], using: &random)
  }

  @Test(arguments: [(1, 28), (1, 32), (3, 32)])
  func oneScoreForEachClass(channels: Int, side: Int) {
    let x = images(2, channels: channels, side: side)
    let network = network(channels: channels, side: side)
    #expect(network(x).shape == [2, 10])
    #expect(network.stages(x).map(\.maps.shape) == [[2, 6, 28, 28], [2, 6, 14, 14], [2, 16, 10, 10]])
  }

  @Test func stateNamesAreThePapersLayers() {
    #expect(
      network().state().map(\.name) == [
        "c1.weight", "c1.bias", "s2.coefficient", "s2.bias", "c3.weight", "c3.bias", "s4.coefficient",
        "s4.bias", "c5.weight", "c5.bias", "f6.weight", "f6.bias", "output.centers",
      ])
  }

  /// "LeNet-5 contains 340,908 connections, but only 60,000 trainable free parameters", §II.B, and the count of each layer
  /// before it.
  @Test func sixtyThousandParametersAsInThePaper() {
    let network = network()
    let counts = ([network.c1, network.s2, network.c3, network.s4, network.c5, network.f6] as [any Module])
      .map(\.parameterCount)
    #expect(counts == [156, 12, 1516, 32, 48120, 10164])
    #expect(network.parameterCount == 60_000)
    #expect(network.output.centers.tensor.shape == [10, 84])
  }

  @Test func learnsOneBatchByHeart() throws {
    let (x, network) = (images(8), network())
    let batch = Batch(inputs: x, labels: IndexTensor((0..<8).map { Int32($0) }), indices: Array(0..<8))
    let rule = GradientRule(
      network: network, loss: .maximumAPosteriori,
      optimizer: Adam(network.parameters(), learningRate: 0.003))
    for _ in 0..<150 { _ = try rule.step(batch) }
    #expect(predictedClasses(network(x)) == batch.labels.elements)
  }
}
