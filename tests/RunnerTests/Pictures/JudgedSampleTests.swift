import DataUtils
import Foundation
import Testing
import Utils

@testable import Engine
@testable import Runner

@Suite("Samples as they were judged")
struct JudgedSampleTests {
  private static let bce = Loss(multiLabel: "bce_with_logits") { binaryCrossEntropyWithLogits($0, $1) }
  private let classes = ["scratch", "spot", "streak"]

  private func context(_ dataset: Dataset, _ outcome: Evaluation.Outcome, _ outputs: [Float])
    -> PictureContext
  {
    let data = ExperimentData(DataSplits(trainingOnAll: dataset))
    let experiment = Experiment(
      "strips", purpose: .debug, summary: "", data: DataPlan { _ in data },
      network: NetworkPlan("none") { _, _ in [:] }, training: .gradient(Self.bce), epochs: 1,
      learningRate: 0.1, plots: [], band: .atLeast(0, of: .all))
    var random = RandomStream(seed: 1)
    return PictureContext(
      experiment: experiment, settings: experiment.settings, data: data,
      network: TinyNetwork(inputs: 1, outputs: 3, using: &random), part: .all,
      evaluation: Evaluation(
        loss: nil, outcome: outcome, indices: Array(0..<dataset.count), labels: dataset.labels,
        outputs: outputs, outputWidth: 3))
  }

  /// Sample 0 is right with two classes, 1 with none, 2 has one class too many, 3 everything wrong.
  private var anyNumber: PictureContext {
    let targets: [UInt8] = [1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    let outputs: [Float] = [2, -1, 0.5, -3, -1, -2, 0.5, 1, -1, 3, 0.1, -2]
    let dataset = Dataset(
      name: "strips", sampleShape: [1], features: .floats([0, 1, 2, 3]), targets: targets, classNames: classes
    )
    let report = MultiLabelReport(
      probabilities: outputs.map { 1 / (1 + exp(-Double($0))) }, targets: targets, classNames: classes,
      thresholds: [0.5, 0.5, 0.5])
    return context(dataset, .multiLabel(targets: targets, report), outputs)
  }

  @Test func aSampleIsRightWhenAllItsClassesAre() {
    let samples = anyNumber.judgedSamples
    #expect(samples.map(\.actual) == [[0, 2], [], [1], [2]])
    #expect(samples.map(\.said) == [[0, 2], [], [0, 1], [0, 1]])
    #expect(samples.map(\.isRight) == [true, true, false, false])
    #expect(anyNumber.rightOnes(5).map(\.index) == [0, 1])
    #expect(anyNumber.worstOnes(5).map(\.index) == [3, 2])
    let loss = log(1 + exp(-2.0)) + log(1 + exp(-1.0)) + log(1 + exp(-0.5))
    #expect(abs(samples[0].badness - loss) < 1e-6)
    #expect(samples.map(\.prediction) == [0, 1, 1, 0], "the likeliest")
  }

  @Test func captionsNameEveryClass() {
    let captions = anyNumber.judgedSamples.map(anyNumber.caption)
    #expect(captions[0] == ["scratch, streak", ""])
    #expect(captions[1] == ["nothing", ""])
    #expect(captions[3] == ["is streak", "said scratch, spot"])
  }

  /// A loss that asks about each class alone gives each a probability of its own.
  @Test func oneClassASampleUnderALossByClass() {
    let outputs: [Float] = [2, -1, 0.5, -3, -1, -2]
    let dataset = Dataset(
      name: "strips", sampleShape: [1], features: .floats([0, 1]), labels: [0, 2], classNames: classes)
    var confusion = ConfusionMatrix(classes: 3)
    confusion.add(predicted: [0, 1], actual: [0, 2])
    let context = context(dataset, .classes(predictions: [0, 1], confusion), outputs)
    let samples = context.judgedSamples
    #expect(abs((samples[0].confidence ?? 0) - 1 / (1 + exp(-2.0))) < 1e-9)
    #expect(context.caption(samples[1]) == ["is streak", "said spot, 27 %"])
    #expect(abs(samples[1].badness - (log(1 + exp(-3.0)) + log(1 + exp(-1.0)) + log(1 + exp(2.0)))) < 1e-6)
  }
}
