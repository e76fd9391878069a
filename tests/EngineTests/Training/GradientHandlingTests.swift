import Testing
import Utils

@testable import Engine

@Suite("Clipping of gradients")
struct ClippingTests {
  private let a = Parameter(Tensor([0, 0]))
  private let b = Parameter(Tensor([0]))

  /// The gradient `x` by a, `y` by b.
  private func gradients(_ x: [Float], _ y: Float) -> Gradients {
    valueAndGradients { (a.value * Tensor(x)).sum() + (b.value * y).sum() }.gradients
  }

  @Test("by norm shortens all alike, and leaves short ones")
  func norm() throws {
    var gradients = gradients([3, 4], 12)
    #expect(gradients.norm == 13)
    #expect(gradients.clip(toNorm: 14) == 13)
    #expect(gradients[a]?.elements == [3, 4] && gradients[b]?.elements == [12])
    #expect(gradients.clip(toNorm: 6.5) == 13)
    #expect(isClose(gradients[a]?.elements ?? [], [1.5, 2], 1e-6))
    #expect(isClose(gradients[b]?.elements ?? [], [6], 1e-6))
    var none = Gradients()
    #expect(none.clip(toNorm: 1) == 0)
  }

  @Test("a norm that is no finite number is told and changes nothing")
  func notFinite() {
    var infinite = gradients([.infinity, 4], 12)
    #expect(infinite.clip(toNorm: 1) == .infinity)
    #expect(infinite[a]?.elements == [.infinity, 4] && infinite[b]?.elements == [12])
    var huge = gradients([3e38, 3e38], 3e38)
    #expect(huge.clip(toNorm: 1).isFinite, "squares beyond single precision")
    #expect(isClose(huge[b]?.elements ?? [], [0.57735], 1e-4))
  }

  @Test("by value cuts each entry")
  func value() {
    var gradients = gradients([3, -4], 0.5)
    gradients.clip(toValue: 2)
    #expect(gradients[a]?.elements == [2, -2] && gradients[b]?.elements == [0.5])
  }

  @Test("does not write into a tensor that somebody else holds")
  func sharing() throws {
    var gradients = gradients([3, 4], 12)
    let held = try #require(gradients[a])
    gradients.clip(toNorm: 1)
    #expect(held.elements == [3, 4])
  }

  @Test("is what the rule does before an update; a gradient without a finite length stops it")
  func rule() throws {
    let network = TwoLayers(2, 3, 2)
    let before = network.parameters().map { $0.parameter.value.elements }
    let rule = GradientRule(
      network: network, loss: .crossEntropy, optimizer: SGD(network.parameters(), learningRate: 1),
      clipping: .norm(0.01))
    _ = try rule.step(XOR.batch)
    let after = network.parameters().map { $0.parameter.value.elements }
    let squares = zip(before.joined(), after.joined()).map { Double($0 - $1) * Double($0 - $1) }
    #expect(abs(squares.reduce(0, +).squareRoot() - 0.01) < 1e-6)

    let values = TwoLayers(2, 3, 2)
    let start = values.fc2.bias?.value.elements ?? []
    let cutting = GradientRule(
      network: values, loss: .crossEntropy, optimizer: SGD(values.parameters(), learningRate: 1),
      clipping: .value(1e-4))
    _ = try cutting.step(XOR.batch)
    #expect(isClose(values.fc2.bias?.value.elements ?? [], zip(start, [1, -1]).map { $0 + $1 * 1e-4 }, 2e-4))
    #expect(zip(start, values.fc2.bias?.value.elements ?? []).allSatisfy { abs($0 - $1) < 1.1e-4 })

    let wild = TwoLayers(2, 3, 2)
    let overflow = GradientRule(
      network: wild, loss: Loss("wild") { y, _ in (y * 1e30 * 1e30).sum() },
      optimizer: SGD(wild.parameters(), learningRate: 1), clipping: .norm(1))
    wild.fc2.weight.update { for i in 0..<$0.count { $0[i] = 0 } }
    wild.fc2.bias?.update { for i in 0..<$0.count { $0[i] = 0 } }
    let error = #expect(throws: LabError.self) { try overflow.step(XOR.batch) }
    #expect(error?.cause.hasPrefix("the gradient's norm became NaN and the gradient of fc1") == true)
  }
}

@Suite("Gathering of gradients")
struct GatheringTests {
  private static func batch(_ range: Range<Int>) -> Batch {
    let inputs = range.flatMap { [Float($0) * 0.37 - 1, Float($0 * $0 % 7) * 0.2] }
    return Batch(
      inputs: Tensor(inputs, shape: [range.count, 2]), labels: IndexTensor(range.map { Int32($0 % 2) }),
      indices: Array(range))
  }

  private func trained(_ batches: [Batch], batchesPerUpdate: Int, epochs: Int = 3) throws -> [Float] {
    let network = TwoLayers(2, 4, 2)
    let rule = GradientRule(
      network: network, loss: .crossEntropy,
      optimizer: SGD(network.parameters(), learningRate: 0.5, momentum: 0.9), clipping: .norm(0.2),
      batchesPerUpdate: batchesPerUpdate)
    _ = try Trainer(epochs: epochs).fit(rule, on: GivenBatches(batches: batches))
    return network.parameters().flatMap { $0.parameter.value.elements }
  }

  @Test("over uneven batches gives what one large batch gives")
  func uneven() throws {
    let large = try trained([Self.batch(0..<9)], batchesPerUpdate: 1)
    let small = try trained([Self.batch(0..<4), Self.batch(4..<8), Self.batch(8..<9)], batchesPerUpdate: 3)
    #expect(isClose(small, large, 1e-5))
    let plain = try trained([Self.batch(0..<4), Self.batch(4..<8), Self.batch(8..<9)], batchesPerUpdate: 1)
    #expect(!isClose(plain, large, 1e-3), "three updates are not one")
  }

  @Test("what is left at the end of an epoch makes an update of its own")
  func rest() throws {
    let large = try trained([Self.batch(0..<6), Self.batch(6..<9)], batchesPerUpdate: 1)
    let small = try trained(
      [Self.batch(0..<4), Self.batch(4..<6), Self.batch(6..<9)], batchesPerUpdate: 2)
    #expect(isClose(small, large, 1e-5))
  }

  @Test("drops what an interrupted epoch had gathered")
  func interrupted() throws {
    func weights(interrupted: Bool) throws -> [Float] {
      let network = TwoLayers(2, 4, 2)
      let rule = GradientRule(
        network: network, loss: .crossEntropy, optimizer: SGD(network.parameters(), learningRate: 0.5),
        batchesPerUpdate: 2)
      if interrupted { _ = try rule.step(Self.batch(0..<4)) }
      let data = GivenBatches(batches: [Self.batch(4..<6), Self.batch(6..<9)])
      _ = try Trainer(epochs: 1).fit(rule, on: data)
      return network.parameters().flatMap { $0.parameter.value.elements }
    }
    #expect(try weights(interrupted: true) == weights(interrupted: false))
  }

  @Test("counts a gradient that only one batch has by that batch's share")
  func partial() {
    let (a, b) = (Parameter(Tensor([1])), Parameter(Tensor([1])))
    var mean = valueAndGradients { a.value.sum() * 8 }.gradients
    mean.blend(with: valueAndGradients { b.value.sum() * 4 }.gradients, share: 0.25)
    #expect(mean[a]?.elements == [6] && mean[b]?.elements == [1])
  }
}
