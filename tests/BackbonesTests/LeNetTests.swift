import Backbones
import Engine
import Testing
import Utils

@Suite("LeNet")
struct LeNetTests {
  private func network(channels: Int = 1, side: Int = 28) -> LeNet {
    var random = RandomStream(seed: 1)
    return LeNet(channels: channels, side: side, using: &random)
  }

  private func images(_ count: Int, channels: Int = 1, side: Int = 28) -> Tensor {
    var random = RandomStream(seed: 2)
    return .normal(shape: [count, channels, side, side], using: &random)
  }

  @Test("maps and logits have the paper's sizes", arguments: [(1, 28), (1, 32), (3, 32)])
  func shapes(channels: Int, side: Int) {
    let (network, x) = (
      network(channels: channels, side: side), images(2, channels: channels, side: side)
    )
    #expect(network.stages(x).map(\.maps.shape) == [[2, 6, 28, 28], [2, 16, 10, 10]])
    #expect(network(x).shape == [2, 10])
  }

  @Test("a smaller image stands in the middle of zeros", arguments: [28, 32])
  func framed(side: Int) {
    let (network, small) = (network(side: side), images(1, side: 8))
    let border = (side - 8) / 2
    let framed = [2, 3].reduce(small) { $0.padded(along: $1, before: border, after: border) }
    #expect(network(small).elements == network(framed).elements)
  }

  @Test("parameters and their names are those of the layers")
  func parameters() {
    let names = ["conv1", "conv2", "fc1", "fc2", "fc3"].flatMap { ["\($0).weight", "\($0).bias"] }
    #expect(network().state().map(\.name) == names)
    #expect(network().parameterCount == 156 + 2416 + 48_120 + 10_164 + 850)
    #expect(network(channels: 3, side: 32).parameterCount == 62_006)
  }

  @Test("learns one batch by heart")
  func learns() throws {
    let (network, x) = (network(), images(8))
    let batch = Batch(inputs: x, labels: IndexTensor((0..<8).map { Int32($0) }), indices: Array(0..<8))
    let rule = GradientRule(
      network: network, loss: .crossEntropy, optimizer: Adam(network.parameters(), learningRate: 0.003))
    for _ in 0..<150 { _ = try rule.step(batch) }
    #expect(predictedClasses(network(x)) == batch.labels.elements)
  }
}
