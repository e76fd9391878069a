import Engine
import Testing
import Utils

@testable import Googlenet

/// The network by itself: shapes, names, sizes, what is learnt half-way, and that it can learn.
@Suite struct GooglenetTests {
  private func network(
    width: Int = 4, branches: Branches = .all, batchNorm: Bool = true, auxiliary: Bool = true
  ) -> SmallGoogLeNet {
    var random = RandomStream(seed: 1)
    return SmallGoogLeNet(
      classes: 10, width: width, branches: branches, batchNorm: batchNorm, auxiliary: auxiliary, dropout: 0,
      using: &random)
  }

  private func pictures(_ count: Int, side: Int = 32) -> Tensor {
    var random = RandomStream(seed: 2)
    return .normal(deviation: 1, shape: [count, 3, side, side], using: &random)
  }

  @Test func theWidthsOfTable1DividedByEight() {
    let channels = network(width: 8).stages(pictures(1)).map(\.maps.shape)
    #expect(channels.prefix(3) == [[1, 24, 32, 32], [1, 60, 16, 16], [1, 64, 8, 8]])
    #expect(channels.suffix(3) == [[1, 66, 8, 8], [1, 104, 8, 8], [1, 128, 4, 4]])
  }

  @Test(arguments: Branches.allCases) func everySetOfBranches(branches: Branches) {
    let outputs = network(branches: branches).outputs(pictures(2, side: 28))
    #expect(outputs.logits.shape == [2, 10] && outputs.auxiliary.map(\.shape) == [[2, 10], [2, 10]])
    let counts = [branches, .all].map { network(branches: $0).parameterCount }
    #expect((counts[0] < counts[1]) == (branches != .all), "a branch less, weights less")
  }

  @Test func theHeadsHalfWayAreNotAskedInUse() {
    let (with, without) = (network(), network(auxiliary: false))
    #expect(without.outputs(pictures(1)).auxiliary.isEmpty)
    #expect(with(pictures(1)).elements == with.outputs(pictures(1)).logits.elements)
    let heads = with.parameters().filter { $0.name.hasPrefix("aux") }
    let size = heads.reduce(0) { $0 + $1.parameter.shape.elementCount }
    #expect(with.parameterCount - size == without.parameterCount && size > 0)
  }

  @Test func stateNamesAreThoseOfTheBackbone() {
    let names = network().state().map(\.name)
    #expect(names.starts(with: ["conv1.conv.weight", "conv1.bn.weight", "conv1.bn.bias"]))
    #expect(names.contains("inception3a.branch2.0.conv.weight") && names.contains("aux1.fc1.weight"))
  }

  @Test func aTwelfthOfTheParametersOfVGG11() {
    #expect(network(width: 10, auxiliary: false).parameterCount == 147_884)  // VGG-11 of width 16: 1,770,442
  }

  @Test(arguments: [true, false]) func learnsOneBatchByHeart(auxiliary: Bool) throws {
    let network = network(auxiliary: auxiliary)
    let before = network.parameters().filter { $0.name.hasPrefix("aux") }.map(\.parameter.value.elements)
    try expectLearns(network)
    let after = network.parameters().filter { $0.name.hasPrefix("aux") }.map(\.parameter.value.elements)
    #expect(zip(before, after).allSatisfy { $0 != $1 }, "the heads learn too")
  }

  private func expectLearns(_ network: any Layer) throws {
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
