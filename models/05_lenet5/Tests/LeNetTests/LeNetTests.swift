import Engine
import Testing
import Utils

@testable import LeNet

/// Both networks by themselves: their shapes, their names, the paper's counts, and that they can learn.
@Suite struct LeNetTests {
  private func modern(channels: Int = 1, side: Int = 28) -> LeNet {
    var random = RandomStream(seed: 1)
    return LeNet(channels: channels, side: side, using: &random)
  }

  private func original(channels: Int = 1, side: Int = 28) -> OriginalLeNet {
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
    for network in [modern(channels: channels, side: side), original(channels: channels, side: side)]
      as [any ConvolutionalNetwork]
    {
      #expect(network(x).shape == [2, 10])
      let stages = network.stages(x)
      #expect(stages.first?.maps.shape == [2, 6, 28, 28])
      #expect(stages.last?.maps.shape == [2, 16, 10, 10])
    }
  }

  @Test func stateNamesAreThoseOfTheLayers() {
    func names(_ layers: [String]) -> [String] { layers.flatMap { ["\($0).weight", "\($0).bias"] } }
    #expect(modern().state().map(\.name) == names(["conv1", "conv2", "fc1", "fc2", "fc3"]))
    #expect(
      original().state().map(\.name) == [
        "c1.weight", "c1.bias", "s2.coefficient", "s2.bias", "c3.weight", "c3.bias", "s4.coefficient",
        "s4.bias", "c5.weight", "c5.bias", "f6.weight", "f6.bias", "output.centers",
      ])
  }

  /// "LeNet-5 contains 340,908 connections, but only 60,000 trainable free parameters", §II.B, and the count of each layer
  /// before it.
  @Test func sixtyThousandParametersAsInThePaper() {
    let network = original()
    let counts = ([network.c1, network.s2, network.c3, network.s4, network.c5, network.f6] as [any Module])
      .map(\.parameterCount)
    #expect(counts == [156, 12, 1516, 32, 48120, 10164])
    #expect(network.parameterCount == 60_000)
    #expect(network.output.centers.tensor.shape == [10, 84])
    #expect(modern().parameterCount == 156 + 2416 + 48_120 + 10_164 + 850)
  }

  @Test func learnOneBatchByHeart() throws {
    let x = images(8)
    let batch = Batch(inputs: x, labels: IndexTensor((0..<8).map { Int32($0) }), indices: Array(0..<8))
    for (network, loss) in [(modern(), .crossEntropy), (original(), .maximumAPosteriori)]
      as [(any Layer, Loss)]
    {
      let rule = GradientRule(
        network: network, loss: loss, optimizer: Adam(network.parameters(), learningRate: 0.003))
      for _ in 0..<150 { _ = try rule.step(batch) }
      #expect(predictedClasses(network(x)) == batch.labels.elements, "\(loss.name)")
    }
  }
}
