import DataUtils
import Runner
import Testing
import Utils

@testable import Engine
@testable import Perceptron

/// Rosenblatt's rule on samples that can be followed by hand.
@Suite struct PerceptronRuleTests {
  private func perceptron(inputs: Int, classes: Int = 2) -> Perceptron {
    var random = RandomStream(seed: 1)
    return Perceptron(inputs: inputs, classes: classes, using: &random)
  }

  private func batch(_ rows: [[Float]], _ labels: [Int32]) -> Batch {
    Batch(
      inputs: Tensor(rows.flatMap { $0 }, shape: [rows.count, rows[0].count]), labels: IndexTensor(labels),
      indices: Array(rows.indices))
  }

  @Test func changesOnlyOnAMistakeAndByRateTimesErrorTimesInput() throws {
    let network = perceptron(inputs: 2)
    let rule = PerceptronRule(network, learningRate: 0.5)
    // All weights are 0, so the sum is 0 and the prediction 1: right for class 1, wrong for class 0.
    var result = try rule.step(batch([[1, 2]], [1]))
    #expect(result.sums == [Metric("mistakes", 0)])
    #expect(network.weight.value.elements == [0, 0] && network.bias.value.elements == [0])
    result = try rule.step(batch([[1, 2]], [0]))
    #expect(result.sums == [Metric("mistakes", 1)])
    #expect(network.weight.value.elements == [-0.5, -1] && network.bias.value.elements == [-0.5])
  }

  @Test func laterSamplesOfABatchSeeTheChangesOfEarlierOnes() throws {
    let network = perceptron(inputs: 1)
    let rule = PerceptronRule(network, learningRate: 1)
    // (1, class 0): sum 0, wrong, w = -1, b = -1. (1, class 1): sum -2, wrong, back to 0. (1, class 1): right.
    let result = try rule.step(batch([[1], [1], [1]], [0, 1, 1]))
    #expect(result.sums == [Metric("mistakes", 2)])
    #expect(network.weight.value.elements == [0] && network.bias.value.elements == [0])
  }

  @Test func oneUnitForEachClassAgainstTheRest() throws {
    let network = perceptron(inputs: 1, classes: 3)
    let rule = PerceptronRule(network, learningRate: 1)
    // Every sum is 0, so every unit says 1: the units of classes 1 and 2 are wrong about a sample of class 0.
    let result = try rule.step(batch([[2]], [0]))
    #expect(result.sums == [Metric("mistakes", 1)])
    #expect(network.weight.value.elements == [0, -2, -2] && network.bias.value.elements == [0, -1, -1])
  }

  @Test func thePocketKeepsTheBestWeightsWhileTheOthersGoOn() throws {
    // Not separable: the outlier -9 of class 1 throws the weights about; a threshold gets three of four at best.
    let network = perceptron(inputs: 1)
    let rule = PerceptronRule(network, learningRate: 1)
    let samples = batch([[-1], [1], [2], [-9]], [0, 1, 1, 1])
    var pocketRight: [Int] = []
    for _ in 0..<30 {
      _ = try rule.step(samples)
      let predictions = predictedClasses(network.pocket(samples.inputs))
      pocketRight.append(zip(predictions, samples.labels.elements).count { $0 == $1 })
    }
    #expect(pocketRight == pocketRight.sorted(), "the ratchet never lets go of a better copy")
    #expect(pocketRight.last == 3)
  }

  @Test func anEpochWithoutAMistakeEndsTheTraining() {
    let rule = PerceptronRule(perceptron(inputs: 1), learningRate: 1)
    func report(_ mistakes: Double) -> EpochReport {
      let metrics = [Metric("train_mistakes", mistakes)]
      return EpochReport(epoch: 4, step: 4, metrics: metrics, seconds: 0, totalSeconds: 0)
    }
    #expect(rule.verdict(after: report(1)) == .goOn)
    #expect(rule.verdict(after: report(0)) == .stop(reason: "no mistake in epoch 4", converged: true))
  }

  @Test func explainsEachUpdateWithItsNumbers() throws {
    let network = perceptron(inputs: 2)
    let rule = PerceptronRule(network, learningRate: 0.5)
    var told = ""
    rule.explain(
      on: Blackboard(updates: 1, features: ["x1", "x2"], classes: ["no", "yes"]) { told += $0 })
    _ = try rule.step(batch([[1, 1], [1, 2], [3, 4]], [1, 0, 1]))
    #expect(told.contains("(1 sample right before: nothing changed)"))
    #expect(told.contains("sample 2 (row 1): x = (1, 2)  (x1, x2), class no, target t = 0"))
    #expect(told.contains("activation  w x + b = 0 * 1 + 0 * 2 + 0 = 0"))
    #expect(told.contains("error       t - y = 0 - 1 = -1"))
    #expect(told.contains("new         w = (-0.5, -1), b = -0.5"))
    #expect(!told.contains("sample 3"), "one update was asked for")
  }

  @Test func stateNamesAndCountOfParameters() {
    let network = perceptron(inputs: 4, classes: 3)
    #expect(network.state().map(\.name) == ["weight", "bias", "pocket.weight", "pocket.bias"])
    #expect(network.parameterCount == 3 * 4 + 3)
    #expect(perceptron(inputs: 2).parameterCount == 3)
  }
}
