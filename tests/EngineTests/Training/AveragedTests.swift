import Foundation
import Testing
import Utils

@testable import Engine

@Suite("Averages of weights")
struct AveragedTests {
  /// A network with a running statistic.
  private final class Counting: Layer {
    let scale = Parameter(Tensor([1, 2]))
    let mean = Buffer(Tensor([0]))
    let seen = Buffer(0)

    func callAsFunction(_ x: Tensor) -> Tensor { x * scale.value + mean.tensor }
  }

  private func position(_ epoch: Int, _ batch: Int = 1, of count: Int = 1) -> StepPosition {
    StepPosition(epoch: epoch, step: epoch, batch: batch, batchCount: count)
  }

  private func averages(_ network: Averaged<Counting>) -> [Float] {
    network.state().flatMap { name, item -> [Float] in
      guard name.contains("scale"), case .buffer(let buffer) = item else { return [] }
      return buffer.tensor.elements
    }
  }

  @Test("keep the network's names and add their own")
  func names() {
    let network = Averaged(Counting(), by: .exponential(decay: 0.5))
    #expect(
      network.state().map(\.name) == [
        "scale", "mean", "seen", "ema.scale", "ema.mean", "ema.n_averaged",
      ])
    #expect(network.parameters().map(\.name) == ["scale"])
    let layers = Averaged(TwoLayers(2, 3, 2), by: .equal(fromEpoch: 1))
    #expect(layers.parameters().map(\.name) == ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"])
    #expect(layers.state().map(\.name).contains("swa.fc1.weight"))
  }

  @Test("an exponential one fades by its decay")
  func exponential() {
    let network = Averaged(Counting(), by: .exponential(decay: 0.75))
    for value: Float in [2, 4] {
      network.network.scale.set(Tensor([value, 0]))
      network.weightsChanged(at: position(1))
    }
    #expect(averages(network) == [1.9375, 1.125])
  }

  @Test("an equal one is the mean over the ends of the epochs from the first on")
  func equal() {
    let network = Averaged(Counting(), by: .equal(fromEpoch: 2))
    for epoch in 1...4 {
      network.network.scale.set(Tensor([100, 100]))
      network.weightsChanged(at: position(epoch, 1, of: 2))
      network.network.scale.set(Tensor([Float(epoch), 0]))
      network.weightsChanged(at: position(epoch, 2, of: 2))
    }
    #expect(averages(network) == [3, 0])
  }

  @Test("the variant answers with the averages, buffers too, and puts everything back")
  func variant() {
    let network = Averaged(Counting(), by: .exponential(decay: 0.5))
    let optimizer = SGD(network.parameters(), learningRate: 1)
    network.network.scale.set(Tensor([3, 4]))
    network.network.mean.tensor = Tensor([8])
    network.weightsChanged(at: position(1))
    let x = Tensor([1, 1], shape: [1, 2])
    #expect(network.variants.map(\.name) == ["ema"])
    #expect(network.variants[0].network(x).elements == [6, 7])
    #expect(network(x).elements == [11, 12])
    // and the optimiser still writes the weights, not the averages
    let scale = network.network.scale
    optimizer.update(with: valueAndGradients { scale.value.sum() }.gradients)
    #expect(network(x).elements == [10, 11])
    #expect(network.variants[0].network(x).elements == [6, 7])
  }

  private func rule(_ network: any Layer) -> GradientRule {
    GradientRule(
      network: network, loss: .crossEntropy,
      optimizer: Adam(network.parameters(), learningRate: 0.05))
  }

  @Test(
    "are formed by the rule, once an update, and saved",
    arguments: [
      Averaging.exponential(decay: 0.9), .equal(fromEpoch: 2),
    ])
  func training(averaging: Averaging) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "half.safetensors")
    let data = GivenBatches(batches: [XOR.batch, XOR.batch])

    let whole = Averaged(TwoLayers(2, 4, 2), by: averaging)
    let wholeRule = rule(whole)
    _ = try Trainer(epochs: 6).fit(wholeRule, on: data)
    let half = Averaged(TwoLayers(2, 4, 2), by: averaging)
    let halfRule = rule(half)
    _ = try Trainer(epochs: 3).fit(halfRule, on: data)
    try Checkpoint(of: half, rule: halfRule, lab: [:]).write(to: file)
    let rest = Averaged(TwoLayers(2, 4, 2, seed: 3), by: averaging)
    let restRule = rule(rest)
    try Checkpoint(contentsOf: file).load(into: rest)
    try Checkpoint(contentsOf: file).load(into: restRule)
    _ = try Trainer(epochs: 6).fit(restRule, on: data, after: TrainingPosition(epochs: 3, steps: 6))

    let expected = Checkpoint(of: whole, rule: wholeRule, lab: [:]).contents
    #expect(Checkpoint(of: rest, rule: restRule, lab: [:]).contents == expected)
    let count: Int64 = averaging == .equal(fromEpoch: 2) ? 5 : 12
    let prefix = whole.variants[0].name
    #expect(expected["\(prefix).n_averaged"] == .integer(count))
    #expect(expected["\(prefix).fc1.weight"] != expected["fc1.weight"])
    let x = XOR.batch.inputs
    #expect(rest.variants[0].network(x).elements == whole.variants[0].network(x).elements)
    #expect(whole.variants[0].network(x).elements != whole(x).elements)
  }
}
