import Foundation
import Testing
import Utils

@testable import Engine

@Suite("Gradient rule and evaluator")
struct GradientRuleTests {
  @Test("learns XOR with eight tanh units")
  func xor() throws {
    let network = TwoLayers(2, 8, 2)
    let rule = XOR.rule(hidden: 8, learningRate: 0.3, network: network)
    let report = try Trainer(epochs: 200).fit(rule, on: GivenBatches(batches: [XOR.batch]))
    #expect(report.history.last?.metrics["train_accuracy"] == 1)
    #expect((report.history.last?.metrics["train_loss"] ?? 1) < 0.05)
    let evaluation = try Evaluator(classes: 2, loss: .crossEntropy).evaluate(
      network, on: GivenBatches(batches: [XOR.batch]))
    #expect(evaluation.predictions == [0, 1, 1, 0])
  }

  @Test("one step is the forward pass, the loss and the update")
  func step() throws {
    let network = TwoLayers(2, 3, 2)
    let expected = valueAndGradients { crossEntropy(network(XOR.batch.inputs), XOR.batch.labels) }
    let before = network.fc2.weight.value.elements
    let g = try #require(expected.gradients[network.fc2.weight]).elements
    let result = try XOR.rule(hidden: 3, learningRate: 0.5, network: network).step(XOR.batch)
    #expect(result.count == 4 && result.means["loss"] == Double(expected.value.scalar))
    let after = zip(before, g).map { (w: Float, g: Float) in w - 0.5 * g }
    #expect(isClose(network.fc2.weight.value.elements, after, 1e-6))
  }

  @Test("what stands half-way counts with its share, and the loss that is told is the network's own")
  func auxiliaryOutputs() throws {
    let network = TwoHeads()
    let (_, gradients) = valueAndGradients {
      let (logits, others) = network.outputs(XOR.batch.inputs)
      return crossEntropy(logits, XOR.batch.labels) + 0.25 * crossEntropy(others[0], XOR.batch.labels)
    }
    let plain = crossEntropy(network(XOR.batch.inputs), XOR.batch.labels).scalar
    let g = try network.parameters().map { try #require(gradients[$0.parameter]).elements }
    let before = network.parameters().map(\.parameter.value.elements)
    let averaged = Averaged(network, by: .exponential(decay: 0.5))
    for learner in [network, averaged] as [any Layer] {
      for (value, (_, parameter)) in zip(before, network.parameters()) {
        parameter.set(Tensor(value, shape: parameter.shape))
      }
      let rule = GradientRule(
        network: learner, loss: .crossEntropy, optimizer: SGD(network.parameters(), learningRate: 0.5))
      let result = try rule.step(XOR.batch)
      #expect(abs((result.means["loss"] ?? 0) - Double(plain)) < 1e-6)
      for ((value, g), (name, parameter)) in zip(zip(before, g), network.parameters()) {
        let after = zip(value, g).map { (w: Float, g: Float) in w - 0.5 * g }
        #expect(isClose(parameter.value.elements, after, 1e-6), "\(name)")
      }
    }
  }

  @Test("stops with the name of the parameter when the loss is no number")
  func notANumber() throws {
    let network = TwoLayers(2, 3, 2)
    network.fc2.weight.update { $0[1] = .nan }
    let error = #expect(throws: LabError.self) {
      try XOR.rule(hidden: 3, learningRate: 1, network: network).step(XOR.batch)
    }
    #expect(
      error?.kind == .training && error?.cause == "the loss became NaN and fc2.weight is no longer finite")

    let wild = TwoLayers(2, 3, 2)
    wild.fc2.weight.update { for i in 0..<$0.count { $0[i] = 3e38 } }
    wild.fc1.bias?.update { for i in 0..<$0.count { $0[i] = 30 } }
    let overflow = #expect(throws: LabError.self) {
      try XOR.rule(hidden: 3, learningRate: 1, network: wild).step(XOR.batch)
    }
    #expect(overflow?.cause == "the loss became NaN and the gradient of fc1.weight is no longer finite")

    let damaged = Batch(
      inputs: Tensor([0, .infinity], shape: [1, 2]), labels: IndexTensor([0]), indices: [0])
    let data = #expect(throws: LabError.self) {
      let network = TwoLayers(2, 3, 2)
      network.fc1.weight.update { $0[1] = 0 }
      _ = try XOR.rule(hidden: 3, learningRate: 1, network: network).step(damaged)
    }
    #expect(data?.cause == "the loss became NaN because the batch holds a number that is not finite")
  }

  @Test("a gradient that is no number under a finite loss stops the same step")
  func brokenGradient() throws {
    let network = TwoLayers(2, 3, 2)
    let before = network.fc1.weight.value.elements
    let loss = Loss("with a corner") { outputs, labels in
      crossEntropy(outputs, labels) + sqrt(outputs * 0).sum()
    }
    let rule = GradientRule(
      network: network, loss: loss, optimizer: SGD(network.parameters(), learningRate: 0.1))
    let error = #expect(throws: LabError.self) { try rule.step(XOR.batch) }
    #expect(error?.cause == "the loss is finite and the gradient of fc1.weight is no longer finite")
    #expect(network.fc1.weight.value.elements == before)
  }

  @Test("classes are read from one column by its sign and from several by the largest")
  func predictedClasses() {
    #expect(Engine.predictedClasses(Tensor([-0.1, 0, 0.1, .nan], shape: [4, 1])) == [0, 1, 1, 0])
    #expect(Engine.predictedClasses(Tensor([1, 2, 3, 3, 1, 3], shape: [2, 3])) == [2, 0])
    #expect(Engine.predictedClasses(Tensor([], shape: [0, 3])) == [])
  }

  /// Passes its input on.
  private final class Identity: Layer {
    func callAsFunction(_ x: Tensor) -> Tensor { x }
  }

  @Test("the evaluator gives the numbers one computes by hand, from uneven batches")
  func evaluator() throws {
    func batch(_ scores: [Float], _ labels: [Int32], _ indices: [Int]) -> Batch {
      Batch(inputs: Tensor(scores, shape: [labels.count, 2]), labels: IndexTensor(labels), indices: indices)
    }
    let data = GivenBatches(batches: [
      batch([2, 0, 0, 1, 3, 1], [0, 1, 1], [4, 2, 9]), batch([0, 0], [0], [7]),
    ])
    let evaluation = try Evaluator(classes: 2, loss: .crossEntropy).evaluate(Identity(), on: data)
    #expect(evaluation.predictions == [0, 1, 0, 0] && evaluation.labels == [0, 1, 1, 0])
    #expect(evaluation.indices == [4, 2, 9, 7] && evaluation.outputWidth == 2 && evaluation.count == 4)
    #expect(evaluation.outputs == [2, 0, 0, 1, 3, 1, 0, 0])
    // log(1 + e^-2), log(1 + e^-1), log(1 + e^2), log 2
    #expect(abs((evaluation.loss ?? 0) - 0.8150662) < 1e-6)
    #expect(evaluation.confusion?.accuracy == 0.75)
    #expect(evaluation.brief.map(\.name) == ["loss", "accuracy"])
    let f1 = try #require(try evaluation.metrics()["f1_macro"])  // 0.8 and 2/3
    #expect(abs(f1 - 0.7333333) < 1e-6)
  }

  @Test("one output for two classes has one curve; no samples have no loss")
  func oneOutput() throws {
    let data = GivenBatches(batches: [
      Batch(inputs: Tensor([-2, 1, 3], shape: [3, 1]), labels: IndexTensor([0, 1, 1]), indices: [0, 1, 2])
    ])
    let evaluation = try Evaluator(classes: 2, loss: .binaryCrossEntropy).evaluate(Identity(), on: data)
    #expect(evaluation.confusion?.accuracy == 1)
    #expect(try evaluation.metrics()["roc_auc"] == 1)
    #expect(abs((evaluation.loss ?? 0) - 0.1629257) < 1e-6)  // log(1 + e^-2), log(1 + e^-1), log(1 + e^-3)
    let empty = try Evaluator(classes: 2, loss: .crossEntropy).evaluate(
      Identity(), on: GivenBatches(batches: []))
    #expect(empty.loss == nil && empty.count == 0)
  }
}

/// One hidden layer that two classifiers look at.
private final class TwoHeads: HasAuxiliaryOutputs {
  let hidden, head, other: Linear
  let auxiliaryShare: Float = 0.25

  init() {
    var random = RandomStream(seed: 3)
    hidden = Linear(2, 4, using: &random)
    head = Linear(4, 2, using: &random)
    other = Linear(4, 2, using: &random)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { head(tanh(hidden(x))) }

  func outputs(_ x: Tensor) -> (logits: Tensor, auxiliary: [Tensor]) { (self(x), [other(tanh(hidden(x)))]) }
}
