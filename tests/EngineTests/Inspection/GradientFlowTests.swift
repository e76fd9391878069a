import Testing
import Utils

@testable import Engine

@Suite struct GradientFlowTests {
  private static let batch = Batch(
    inputs: Tensor([1, 2], shape: [1, 2]), labels: IndexTensor([0], shape: [1]), indices: [0])

  /// The mean of the outputs.
  private static let mean = Loss("mean") { outputs, _ in outputs.mean() }

  private final class Two: Layer {
    let first: Linear
    let norm = BatchNorm1d(2)
    let second: Linear
    let unused: Linear

    init() {
      var random = RandomStream(seed: 1)
      first = Linear(2, 2, using: &random)
      second = Linear(2, 1, using: &random)
      unused = Linear(2, 2, using: &random)
      first.weight.set(Tensor([3, 0, 0, 4], shape: [2, 2]))
      second.weight.set(Tensor([1, 2], shape: [1, 2]))
      for parameter in [first.bias, second.bias] {
        parameter?.set(Tensor(repeating: 0, shape: parameter?.shape ?? []))
      }
    }

    var normalizes = false

    func callAsFunction(_ x: Tensor) -> Tensor { second(normalizes ? norm(first(x)) : first(x)) }
  }

  /// y = (1, 2) W x: dy / dW = (1, 2)^T x^T, of length |(1, 2)| |x| = 5; dy / d(second) = W x = (3, 8).
  @Test func numbersByHand() throws {
    let flow = gradientFlow(of: Two(), Self.mean, on: Self.batch)
    #expect(flow.map(\.name) == ["first.weight", "second.weight"])
    #expect(flow.map(\.weightNorm) == [5, 5.0.squareRoot()])
    #expect(flow.count == 2)
    for (row, expected) in zip(flow, [5, 73.0.squareRoot()]) {
      #expect(abs(row.gradientNorm - expected) < 1e-5)
    }
  }

  /// Looking changes nothing: running statistics are as they were.
  @Test func leavesRunningStatistics() {
    let network = Two()
    network.normalizes = true
    let batch = Batch(
      inputs: Tensor([1, 2, 5, -3], shape: [2, 2]), labels: IndexTensor([0, 0], shape: [2]), indices: [0, 1])
    #expect(gradientFlow(of: network, Self.mean, on: batch).count == 2)
    #expect(network.norm.running_mean?.tensor.elements == [0, 0])
    #expect(network.norm.num_batches_tracked?.integer == 0)
    withMode(.training) { _ = network(batch.inputs) }
    #expect(network.norm.num_batches_tracked?.integer == 1, "a pass in training mode would have counted")
  }
}
