import Engine
import Testing
import Utils

@testable import MultilayerPerceptron

/// The network by itself: its shapes, its names, and that it can learn.
@Suite struct MultilayerPerceptronTests {
  private func network(inputs: Int = 4, width: Int = 8, classes: Int = 3) -> MultilayerPerceptron {
    var random = RandomStream(seed: 1)
    return MultilayerPerceptron(inputs: inputs, width: width, classes: classes, using: &random)
  }

  @Test func oneScoreForEachClass() {
    #expect(network()(Tensor(repeating: 0.5, shape: [5, 4])).shape == [5, 3])
  }

  @Test func stateNamesAndCountOfParameters() {
    let names = ["hidden.weight", "hidden.bias", "output.weight", "output.bias"]
    #expect(network().state().map(\.name) == names)
    #expect(network().parameterCount == (4 + 1) * 8 + (8 + 1) * 3)
  }

  @Test func learnsOneBatchByHeart() throws {
    let network = network(inputs: 2, classes: 2)
    let rule = GradientRule(
      network: network, loss: .crossEntropy,
      optimizer: SGD(network.parameters(), learningRate: 0.5, momentum: 0.9))
    let batch = Batch(
      inputs: Tensor([0, 0, 0, 1, 1, 0, 1, 1], shape: [4, 2]), labels: IndexTensor([0, 1, 1, 0]),
      indices: [0, 1, 2, 3])
    for _ in 0..<300 { _ = try rule.step(batch) }
    #expect(try rule.step(batch).means.first { $0.name == "loss" }?.value ?? 1 < 0.01)
    #expect(predictedClasses(network(batch.inputs)) == [0, 1, 1, 0])
  }
}
