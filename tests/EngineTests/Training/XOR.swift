import Engine
import Utils

/// A network of two layers: what the tests train.
final class TwoLayers: Layer {
  let fc1, fc2: Linear

  init(_ inputs: Int, _ hidden: Int, _ outputs: Int, seed: UInt64 = 1) {
    var random = RandomStream(seed: seed, purpose: "weights")
    fc1 = Linear(inputs, hidden, using: &random)
    fc2 = Linear(hidden, outputs, using: &random)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { fc2(tanh(fc1(x))) }  // [N, inputs] to [N, outputs]
}

/// The four points that one layer cannot separate.
enum XOR {
  static let batch = Batch(
    inputs: Tensor([0, 0, 0, 1, 1, 0, 1, 1], shape: [4, 2]), labels: IndexTensor([0, 1, 1, 0]),
    indices: [0, 1, 2, 3])

  static func rule(hidden: Int, learningRate: Float, network: TwoLayers? = nil) -> GradientRule {
    let network = network ?? TwoLayers(2, hidden, 2)
    return GradientRule(
      network: network, loss: .crossEntropy,
      optimizer: SGD(network.parameters(), learningRate: learningRate, momentum: 0.9))
  }
}

/// Batches that are given, the same in every epoch.
struct GivenBatches: BatchSource {
  let batches: [Batch]
  var failure: LabError?

  var sampleCount: Int { batches.reduce(0) { $0 + $1.count } }
  var batchCount: Int { batches.count }

  func batches(epoch: Int, startingAt first: Int) -> any BatchIterator {
    Iterator(rest: batches.dropFirst(first), failure: failure)
  }

  private struct Iterator: BatchIterator {
    var rest: ArraySlice<Batch>
    let failure: LabError?

    mutating func next() throws -> Batch? {
      if let batch = rest.popFirst() { return batch }
      if let failure { throw failure }
      return nil
    }
  }
}

extension Batch {
  /// `count` samples of one feature, all of class 0.
  static func zeros(_ count: Int) -> Batch {
    Batch(
      inputs: Tensor(repeating: 0, shape: [count, 1]),
      labels: IndexTensor([Int32](repeating: 0, count: count)),
      indices: Array(0..<count))
  }
}
