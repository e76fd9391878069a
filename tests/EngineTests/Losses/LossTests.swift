import Testing
import Utils

@testable import Engine

@Suite("Losses by what a batch has")
struct LossTests {
  private let outputs = Tensor([1, -2, 0.5, 3], shape: [2, 2])
  private let loss = Loss(multiLabel: "bce") { binaryCrossEntropyWithLogits($0, $1) }

  private func batch(_ targets: Tensor?) -> Batch {
    Batch(inputs: outputs, labels: IndexTensor([0, 1]), targets: targets, indices: [0, 1])
  }

  @Test("targets are taken where there are some, else one class a sample")
  func batches() {
    let targets = Tensor([1, 1, 0, 0], shape: [2, 2])
    let expected = binaryCrossEntropyWithLogits(outputs, targets).scalar
    #expect(loss(outputs, batch(targets)).scalar == expected)
    #expect(loss(outputs, batch(nil)).scalar == loss(outputs, Tensor([1, 0, 0, 1], shape: [2, 2])).scalar)
    #expect(
      Loss.crossEntropy(outputs, batch(nil)).scalar == crossEntropy(outputs, IndexTensor([0, 1])).scalar)
  }

  @Test("one output stands for class 1")
  func oneOutput() {
    let scores = Tensor([2, -1], shape: [2, 1])
    #expect(
      loss(scores, IndexTensor([0, 1])).scalar
        == binaryCrossEntropyWithLogits(scores, Tensor([0, 1], shape: [2, 1])).scalar)
  }

  @Test("only losses of one class a sample have labels to smooth")
  func smoothing() {
    #expect(loss.isMultiLabel && !Loss.crossEntropy.isMultiLabel)
    #expect(loss.smoothed(by: 0.1) == nil)
    #expect(Loss.squaredError.smoothed(by: 0.1) == nil)
    #expect(Loss.crossEntropy.smoothed(by: 0.1)?.name == "cross_entropy")
  }
}
