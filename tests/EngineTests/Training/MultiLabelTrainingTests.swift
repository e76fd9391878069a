import Testing
import Utils

@testable import Engine

@Suite("Training with any number of classes a sample")
struct MultiLabelTrainingTests {
  /// Whether two bits are set, and whether they are equal: three questions.
  private let batch = Batch(
    inputs: XOR.batch.inputs, labels: IndexTensor([2, 1, 0, 0]),
    targets: Tensor([0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1], shape: [4, 3]), indices: [0, 1, 2, 3])
  private let loss = Loss(multiLabel: "bce") { binaryCrossEntropyWithLogits($0, $1) }

  private func rule(_ network: TwoLayers, mixing: BatchMixing? = nil) -> GradientRule {
    GradientRule(
      network: network, loss: loss, optimizer: Adam(network.parameters(), learningRate: 0.05), mixing: mixing)
  }

  @Test("three questions about two bits are learnt, and accuracy means every answer of a sample")
  func learning() throws {
    let network = TwoLayers(2, 8, 3)
    let report = try Trainer(epochs: 200).fit(rule(network), on: GivenBatches(batches: [batch]))
    #expect(report.history.last?.metrics["train_accuracy"] == 1)
    #expect((report.history.first?.metrics["train_accuracy"] ?? 1) < 1)
    let evaluation = try Evaluator(classNames: ["left", "right", "equal"], loss: loss)
      .evaluate(network, on: GivenBatches(batches: [batch]))
    #expect(evaluation.confusion == nil)
    #expect(try evaluation.metrics()["equal_f1"] == 1)
    #expect(try evaluation.rocCurves().compactMap(\.area) == [1, 1, 1])
  }

  @Test("a sample with one wrong answer is wrong")
  func exactMatch() {
    let outputs = Tensor([-1, -1, 1, -1, 1, 1, 1, -1, -1, 1, 1, 0.1], shape: [4, 3])
    #expect(rightAnswers(outputs, batch) == 3)
  }

  @Test("the evaluator counts over uneven batches, and keeps what other thresholds need")
  func evaluator() throws {
    let data = GivenBatches(batches: [
      Batch(
        inputs: Tensor([2, -1, 0.1, 3], shape: [2, 2]), labels: IndexTensor([0, 1]),
        targets: Tensor([1, 0, 0, 1], shape: [2, 2]), indices: [5, 3]),
      Batch(
        inputs: Tensor([-0.2, 1], shape: [1, 2]), labels: IndexTensor([0]),
        targets: Tensor([1, 1], shape: [1, 2]), indices: [4]),
    ])
    let evaluation = try Evaluator(classNames: ["a", "b"], loss: loss).evaluate(Identity(), on: data)
    let metrics = try evaluation.metrics()
    #expect(evaluation.indices == [5, 3, 4] && evaluation.count == 3 && evaluation.predictions == [0, 1, 1])
    #expect(metrics["accuracy"] == 1.0 / 3 && metrics["a_fn"] == 1 && metrics["a_fp"] == 1)
    let bce = binaryCrossEntropyWithLogits(
      Tensor([2, -1, 0.1, 3, -0.2, 1], shape: [3, 2]), Tensor([1, 0, 0, 1, 1, 1], shape: [3, 2]))
    #expect(abs((metrics["loss"] ?? 0) - Double(bce.scalar)) < 1e-6)
    #expect(evaluation.report(thresholds: [0.4, 0.5])?.perClass[0].falseNegatives == 0)
    #expect(evaluation.bestThresholds()?[1] == 0.5)
    let strict = try Evaluator(classNames: ["a", "b"], threshold: 0.9).evaluate(Identity(), on: data)
    #expect(try strict.metrics()["a_tp"] == 0)
  }

  @Test("mixed samples have the classes of both, each with its share")
  func mixing() throws {
    var random = RandomStream(seed: 9)
    let mixed = BatchMixing(mixup: 0.4)(batch, using: &random)
    let outputs = Tensor.normal(shape: [4, 3], using: &random)
    let partners = mixed.partnerLabels.elements
    #expect(partners.sorted() == [0, 0, 1, 2])
    let (first, second) = (
      loss(outputs, try #require(batch.targets)).scalar, mixed.loss(loss, of: outputs).scalar
    )
    #expect(mixed.share == 1 || first != second)
    _ = try Trainer(epochs: 2).fit(
      rule(TwoLayers(2, 8, 3), mixing: BatchMixing(mixup: 0.4)), on: GivenBatches(batches: [batch]))
  }

  /// Passes its input on.
  private final class Identity: Layer {
    func callAsFunction(_ x: Tensor) -> Tensor { x }
  }
}
