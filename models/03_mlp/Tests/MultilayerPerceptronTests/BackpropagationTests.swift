import Engine
import Foundation
import Runner
import Testing
import Utils

@testable import MultilayerPerceptron

/// The rule written by hand against the tape.
@Suite struct BackpropagationTests {
  private func network(_ activation: Activation, classes: Int = 2, seed: UInt64 = 7, hidden: [Int] = [5])
    -> MultilayerPerceptron
  {
    var random = RandomStream(seed: seed)
    return MultilayerPerceptron(
      inputs: 3, hidden: hidden, classes: classes, activation: activation, start: .xavierUniform,
      using: &random)
  }

  private func batch(classes: Int) -> Batch {
    var random = RandomStream(seed: 11)
    return Batch(
      inputs: .normal(shape: [12, 3], using: &random),
      labels: IndexTensor((0..<12).map { Int32($0 % classes) }), indices: Array(0..<12))
  }

  private func distance(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).map { abs($0 - $1) }.max() ?? 0 }

  @Test(arguments: Activation.allCases, [2, 3])
  func gradientsEqualThoseOfTheTape(_ activation: Activation, classes: Int) throws {
    let (network, batch) = (network(activation, classes: classes), batch(classes: classes))
    for (goal, loss) in [(Backpropagation.Goal.squaredError, Loss.squaredError)]
      + (classes == 2 ? [(.crossEntropy, .binaryCrossEntropy)] : [])
    {
      let hand = try Backpropagation(network, goal: goal, learningRate: 1, momentum: 0).gradients(of: batch)
      let (value, tape) = valueAndGradients { loss(network(batch.inputs), batch.labels) }
      #expect(abs(hand.loss - Double(value.scalar)) < 1e-6)
      for ((name, parameter), gradient) in zip(network.parameters(), hand.gradients) {
        let other = try #require(tape[parameter]).elements
        #expect(distance(gradient, other) < 1e-6, "\(goal) \(name)")
        #expect(other.contains { abs($0) > 1e-4 }, "\(name) has a gradient at all")
      }
    }
  }

  @Test func weightsStayEqualOverFiftyUpdates() throws {
    let (hand, tape) = (network(.sigmoid), network(.sigmoid))
    let byHand = try Backpropagation(hand, goal: .squaredError, learningRate: 0.5, momentum: 0.9)
    let byTape = GradientRule(
      network: tape, loss: .squaredError,
      optimizer: SGD(tape.parameters(), learningRate: 0.5, momentum: 0.9))
    let before = hand.parameters()[0].parameter.value.elements
    for _ in 0..<50 {
      let results = (try byHand.step(batch(classes: 2)), try byTape.step(batch(classes: 2)))
      #expect(results.0.means["accuracy"] == results.1.means["accuracy"])
    }
    for (a, b) in zip(hand.parameters(), tape.parameters()) {
      #expect(distance(a.parameter.value.elements, b.parameter.value.elements) < 1e-5, "\(a.name)")
    }
    #expect(distance(before, hand.parameters()[0].parameter.value.elements) > 0.1, "it has learnt")
  }

  @Test func oneHiddenLayerAndNoOther() {
    for hidden in [[], [4, 4]] {
      #expect(throws: LabError.self) {
        try Backpropagation(network(.tanh, hidden: hidden), goal: .squaredError, learningRate: 1, momentum: 0)
      }
    }
  }

  @Test func tellsItsFirstSamples() throws {
    let network = network(.sigmoid)
    let rule = try Backpropagation(network, goal: .squaredError, learningRate: 0.5, momentum: 0)
    var told = ""
    rule.explain(
      on: Blackboard(updates: 2, features: ["a", "b", "c"], classes: ["no", "yes"]) { told += $0 })
    _ = try rule.step(batch(classes: 2))
    #expect(told.components(separatedBy: "and back again").count == 3)
    #expect(told.contains("(a, b, c), class no, target t = (0)") && told.hasSuffix("without words.\n"))
  }
}
