import Engine
import Testing
import Utils

@testable import MultilayerPerceptron

/// The network by itself: its shapes, its names, its first weights, and that it can learn.
@Suite struct MultilayerPerceptronTests {
  private func network(_ hidden: [Int] = [8, 5], classes: Int = 3, start: Start = .xavierUniform)
    -> MultilayerPerceptron
  {
    var random = RandomStream(seed: 1)
    return MultilayerPerceptron(
      inputs: 4, hidden: hidden, classes: classes, activation: .tanh, start: start, using: &random)
  }

  @Test func oneScoreForEachClassAndOneForTwo() {
    let x = Tensor(repeating: 0.5, shape: [5, 4])
    #expect(network()(x).shape == [5, 3])
    #expect(network(classes: 2)(x).shape == [5, 1])
    #expect(network([])(x).shape == [5, 3], "no hidden layer: a linear classifier")
    #expect(network()(x.reshaped(to: [5, 1, 2, 2])).shape == [5, 3], "images are lists of pixels")
  }

  @Test func stateNamesAndCountOfParameters() {
    #expect(
      network().state().map(\.name) == [
        "hidden.0.weight", "hidden.0.bias", "hidden.1.weight", "hidden.1.bias", "output.weight",
        "output.bias",
      ])
    #expect(network().parameterCount == (4 + 1) * 8 + (8 + 1) * 5 + (5 + 1) * 3)
  }

  @Test func firstWeightsAreAsTheirNameSays() {
    func deviation(_ start: Start) -> Double {
      var random = RandomStream(seed: 3)
      let w = start.values([300, 100], using: &random).elements.map(Double.init)
      return (w.reduce(0) { $0 + $1 * $1 } / Double(w.count)).squareRoot()
    }
    for (start, expected) in [
      (Start.zeros, 0), (.uniform, 1 / 12.0.squareRoot()), (.normal, 0.01),
      (.xavierUniform, (2.0 / 400).squareRoot()), (.xavierNormal, (2.0 / 400).squareRoot()),
      (.heUniform, (2.0 / 100).squareRoot()), (.heNormal, (2.0 / 100).squareRoot()),
    ] { #expect(abs(deviation(start) - expected) <= 0.03 * expected, "\(start)") }
    let biases = network(start: .heNormal).state().filter { $0.name.hasSuffix("bias") }
    #expect(biases.count == 3)
    #expect(network(start: .heNormal).output.parameters()[1].parameter.value.elements == [0, 0, 0])
  }

  /// With equal weights all hidden units stay equal for ever.
  @Test func zerosNeverBreakTheSymmetry() throws {
    let network = network([6], classes: 2, start: .zeros)
    let rule = GradientRule(
      network: network, loss: .binaryCrossEntropy, optimizer: SGD(network.parameters(), learningRate: 0.5))
    for _ in 0..<50 { _ = try rule.step(TestData.xor(inputs: 4)) }
    let w = network.hidden[0].parameters()[0].parameter.value.elements
    #expect((0..<6).allSatisfy { Array(w[$0 * 4..<($0 + 1) * 4]) == Array(w[0..<4]) })
  }

  @Test func learnsOneBatchByHeart() throws {
    let network = network([8], classes: 2)
    let rule = GradientRule(
      network: network, loss: .binaryCrossEntropy,
      optimizer: SGD(network.parameters(), learningRate: 0.5, momentum: 0.9))
    let batch = TestData.xor(inputs: 4)
    for _ in 0..<300 { _ = try rule.step(batch) }
    #expect(try rule.step(batch).means.first { $0.name == "loss" }?.value ?? 1 < 0.01)
    #expect(predictedClasses(network(batch.inputs)) == [0, 1, 1, 0])
  }
}

enum TestData {
  /// The four corners, padded with ones to `inputs` features.
  static func xor(inputs: Int = 2) -> Batch {
    let corners: [[Float]] = [[0, 0], [0, 1], [1, 0], [1, 1]]
    return Batch(
      inputs: Tensor(
        corners.flatMap { $0 + [Float](repeating: 1, count: inputs - 2) }, shape: [4, inputs]),
      labels: IndexTensor([0, 1, 1, 0]), indices: [0, 1, 2, 3])
  }
}
