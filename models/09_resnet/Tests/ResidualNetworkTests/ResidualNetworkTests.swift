import Backbones
import Engine
import Testing
import Utils

@testable import ResidualNetwork

/// The network by itself: its shapes, its names, its size in the paper, and that it can learn.
@Suite struct ResidualNetworkTests {
  private func network(depth: Int, width: Int = 16, isResidual: Bool = true) -> CIFARResNet {
    var random = RandomStream(seed: 1)
    return CIFARResNet(depth: depth, width: width, isResidual: isResidual, using: &random)
  }

  /// He et al. 2015, table 6: 0.27, 0.46, 0.66, 0.85 and 1.7 million parameters.
  @Test(arguments: [(20, 0.27), (32, 0.46), (44, 0.66), (56, 0.85), (110, 1.73)])
  func hasTheParametersOfThePaper(depth: Int, millions: Double) {
    let count = network(depth: depth).parameterCount
    #expect(abs(Double(count) / 1e6 - millions) < 0.006, "\(count)")
    #expect(network(depth: depth, isResidual: false).parameterCount == count, "shortcuts cost nothing")
  }

  @Test func shapesAndNames() {
    let network = network(depth: 20, width: 4)
    #expect(network(Tensor(repeating: 0.5, shape: [2, 3, 32, 32])).shape == [2, 10])
    let names = network.parameters().map(\.name)
    #expect(names.first == "conv1.weight" && names.contains("layer3.2.bn2.bias") && names.last == "fc.bias")
  }

  /// With the second batch norm at 0 a residual block passes its input on, and a plain one loses it.
  @Test func theShortcutPassesTheInputOn() {
    var random = RandomStream(seed: 2)
    let x = Tensor.uniform(0..<1, shape: [2, 4, 8, 8], using: &random)
    for isResidual in [true, false] {
      let block = CIFARBlock(4, 4, isResidual: isResidual, using: &random)
      block.bn2.parameters()[0].parameter.update { for i in 0..<$0.count { $0[i] = 0 } }
      let y = withMode(.training) { block(x) }
      #expect(y.elements == (isResidual ? x.elements : [Float](repeating: 0, count: x.count)))
    }
    let wider = CIFARBlock(4, 8, isResidual: true, using: &random)
    wider.bn2.parameters()[0].parameter.update { for i in 0..<$0.count { $0[i] = 0 } }
    let y = withMode(.training) { wider(x) }
    #expect(y.shape == [2, 8, 4, 4])
    #expect(y.narrowed(along: 1, from: 0, count: 2).elements.allSatisfy { $0 == 0 }, "new channels are zero")
    #expect(y.elements[2 * 16] == x.elements[0], "and the others are every second pixel")
  }

  @Test func learnsOneBatchByHeart() throws {
    let network = network(depth: 8, width: 4)
    var random = RandomStream(seed: 4)
    let batch = Batch(
      inputs: .normal(shape: [8, 3, 16, 16], using: &random),
      labels: IndexTensor([0, 1, 2, 3, 4, 5, 6, 7]), indices: Array(0..<8))
    let rule = GradientRule(
      network: network, loss: .crossEntropy,
      optimizer: SGD(network.parameters(), learningRate: 0.02, momentum: 0.9))
    for _ in 0..<60 { _ = try rule.step(batch) }
    #expect(try rule.step(batch).means["loss"] ?? 1 < 0.05)
  }

  /// He et al. 2015, table 1, and torchvision's counts of what it publishes.
  @Test(arguments: [("resnet18", 11_689_512), ("resnet34", 21_797_672), ("resnet50", 25_557_032)])
  func theNetworksForImageNetAreInTheRegistry(name: String, count: Int) throws {
    var random = RandomStream(seed: 1)
    let architecture = try ArchitectureRegistry.named(name)
    #expect(architecture.build(1000, &random).parameterCount == count)
  }
}
