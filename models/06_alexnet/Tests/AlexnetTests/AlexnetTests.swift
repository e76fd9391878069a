import Backbones
import Engine
import Foundation
import Testing
import Utils

@testable import Alexnet

/// The networks by themselves: shapes, names, and that they can learn.
@Suite struct AlexnetTests {
  private func network(width: Int = 4, norm: Norm = .response, start: Start = .he) -> SmallAlexNet {
    var random = RandomStream(seed: 1)
    return SmallAlexNet(
      inputs: 3, classes: 10, width: width, norm: norm, dropout: 0, start: start, using: &random)
  }

  private func pictures(_ count: Int, channels: Int = 3, side: Int = 32) -> Tensor {
    var random = RandomStream(seed: 2)
    return .normal(deviation: 1, shape: [count, channels, side, side], using: &random)
  }

  @Test func mapsAndLogitsHaveTheShapesOfTheHeader() {
    let stages = network().stages(pictures(2))
    #expect(stages.map(\.maps.shape) == [[2, 4, 32, 32], [2, 12, 15, 15], [2, 12, 7, 7]])
    #expect(network()(pictures(2)).shape == [2, 10])
  }

  @Test func aSmallerPictureStandsInTheMiddleOfZeros() {
    let small = pictures(1, side: 28)
    let framed = small.padded(along: 2, before: 2, after: 2).padded(along: 3, before: 2, after: 2)
    #expect(network()(small).elements == network()(framed).elements)
  }

  @Test func countOfParametersAndStateNames() {
    // 5 convolutions and 3 linear layers of width 16, weights and biases.
    let convolutions =
      (75 + 1) * 16 + (400 + 1) * 48 + (432 + 1) * 64 + (576 + 1) * 64 + (576 + 1) * 48
    #expect(network(width: 16).parameterCount == convolutions + (432 + 1) * 256 + (256 + 1) * (256 + 10))
    let names = ["conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8"].flatMap {
      ["\($0).weight", "\($0).bias"]
    }
    #expect(network().state().map(\.name) == names)
    #expect(network(norm: .batch).state().map(\.name).contains("bn5.running_var"))
  }

  @Test func thePapersBiasesAreOneWhereAUnitShouldBeAwake() {
    for (name, parameter) in network(start: .paper).parameters() where name.hasSuffix("bias") {
      let awake = ["conv2.bias", "conv4.bias", "conv5.bias", "fc6.bias", "fc7.bias"].contains(name)
      #expect(parameter.value.elements.allSatisfy { $0 == (awake ? 1 : 0) }, "\(name)")
    }
  }

  @Test func responseNormIsThePapersFormula() {
    // §3.3: b = a / (k + alpha times the sum of a^2 over 5 neighbours)^beta, for seven channels of one place.
    let a: [Float] = [10, 20, 30, 40, 50, 60, 70]
    let norm = LocalResponseNorm(5, alpha: 5e-4, beta: 0.75, k: 2)
    let b = norm(Tensor(a, shape: [1, 7, 1, 1])).elements
    for i in a.indices {
      let sum = a[max(0, i - 2)...min(6, i + 2)].reduce(Double(0)) { $0 + Double($1 * $1) }
      let expected = Double(a[i]) / pow(2 + 1e-4 * sum, 0.75)
      #expect(abs(Double(b[i]) - expected) < 1e-4 * expected)
    }
  }

  @Test(arguments: Norm.allCases) func learnsOneBatchByHeart(norm: Norm) throws {
    let network = network(norm: norm)
    let rule = GradientRule(
      network: network, loss: .crossEntropy,
      optimizer: Adam(network.parameters(), learningRate: 0.003))
    let batch = Batch(
      inputs: pictures(8), labels: IndexTensor([0, 1, 2, 3, 0, 1, 2, 3]), indices: Array(0..<8))
    try withMode(.training, randomness: Randomness(seed: 1, step: 1)) {
      for _ in 0..<120 { _ = try rule.step(batch) }
      #expect(try rule.step(batch).means.first { $0.name == "loss" }?.value ?? 1 < 0.1)
    }
  }
}
