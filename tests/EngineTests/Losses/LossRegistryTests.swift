import Foundation
import Testing
import Utils

@testable import Engine

@Suite("Loss registry")
struct LossRegistryTests {
  private let registry = LossRegistry.standard
  private let data = LossData(
    training: ClassCounts(samples: 1000, positives: [100, 16, 735, 0]),
    firstBatch: { ClassCounts(samples: 4, positives: [1, 0, 4, 0]) })
  private let outputs = Tensor([0.3, -1, 2, 0, 1, 1, -0.5, 0.2], shape: [2, 4])
  private let targets = Tensor([1, 0, 0, 1, 0, 1, 1, 0], shape: [2, 4])

  private func alpha(_ parameters: [String: JSONValue], for data: LossData? = nil) throws -> [Double]? {
    let said = try registry.get("focal_loss", parameters, for: data ?? self.data).parameters["alpha"]
    return said?.double.map { [$0] } ?? said?.array?.compactMap(\.double)
  }

  @Test("alpha as a number, a list, nothing, or computed from the data")
  func alphas() throws {
    #expect(try alpha(["alpha": 0.25]) == [0.25])
    #expect(try alpha(["alpha": [0.375, 0.75, 0.7, 0.99]]) == [0.375, 0.75, 0.7, 0.99])
    #expect(try alpha(["alpha": nil]) == nil)
    #expect(try alpha([:]) == nil)
    #expect(try alpha(["alpha": "none"]) == nil)
    #expect(try alpha(["alpha": "dynamic"]) == [0.9, 0.984, 0.265, 0.99])
    #expect(try alpha(["alpha": "first_batch"]) == [0.75, 0.99, 0.01, 0.99])
    let effective = try #require(try alpha(["alpha": "effective_number", "beta": 0.999]))
    #expect(try alpha(["alpha": "dynamic", "use_effective_num": true, "beta": 0.999]) == effective)
    let raw = [100, 16, 735].map { 0.001 / (1 - pow(0.999, Double($0)) + 1e-7) }
    for (ours, theirs) in zip(effective, raw) { #expect(abs(ours - 0.99 * theirs / raw[1]) < 1e-12) }
    #expect(effective[1] == 0.99 && effective[3] == 0.99, "the rarest, and one without a sample")
  }

  @Test("only what a loss takes reaches it")
  func acceptedParameters() throws {
    let given: [String: JSONValue] = ["alpha": 0.25, "gamma": 2, "reduction": "sum", "pos_weight": nil]
    let loss = try registry.get("bce_with_logits", given)
    #expect(
      loss(outputs, targets).scalar
        == binaryCrossEntropyWithLogits(outputs, targets, reduction: .sum).scalar)
    #expect(loss.parameters == ["pos_weight": nil, "reduction": "sum"])
    let weighted = try registry.get("bce_with_logits", ["pos_weight": [1, 2, 3, 4]], for: data)
    #expect(
      weighted(outputs, targets).scalar
        == binaryCrossEntropyWithLogits(outputs, targets, positiveWeights: Tensor([1, 2, 3, 4])).scalar)
    #expect(try registry.get("cross_entropy", given).name == "cross_entropy")
  }

  @Test("the focal loss is the one of its parameters")
  func focalLoss() throws {
    let loss = try registry.get(
      "focal_loss", ["alpha": [0.1, 0.2, 0.3, 0.4], "gamma": 2.5, "reduction": "none"], for: data)
    let expected = focal(
      outputs, targets, alpha: Tensor([0.1, 0.2, 0.3, 0.4]), gamma: 2.5, reduction: .none)
    #expect(loss(outputs, targets).elements == expected.elements)
    let probabilities = try registry.get("focal_loss", ["use_logits": false])
    #expect(
      probabilities(sigmoid(outputs), targets).scalar
        == focal(sigmoid(outputs), targets, takesProbabilities: true).scalar)
  }

  @Test(
    "what cannot be used is refused with a sentence",
    arguments: [
      (["alpha": 1.5], "number of 0.0...1.0"), (["alpha": [0.1, 0.2]], "4 classes"),
      (["alpha": "dynamik"], "dynamic, first_batch"), (["gamma": "two"], "gamma \"two\""),
      (["reduction": "batchmean"], "mean, sum or none"), (["use_logits": 1], "true or false"),
    ] as [([String: JSONValue], String)])
  func refused(parameters: [String: JSONValue], words: String) {
    let error = #expect(throws: LabError.self) { try registry.get("focal_loss", parameters, for: data) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test("dynamic weights need data; an unknown name lists the known ones")
  func unknown() {
    let dynamic = #expect(throws: LabError.self) { try registry.get("focal_loss", ["alpha": "dynamic"]) }
    #expect(dynamic?.remedy == "give alpha as numbers")
    let name = #expect(throws: LabError.self) { try registry.get("focal_los", [:]) }
    #expect(
      name?.remedy
        == "did you mean focal_loss? choose among focal_loss, bce_with_logits, cross_entropy, weighted_cross_entropy"
    )
  }

  @Test("weighted cross entropy counts a class N / n times, as torch does with weight=")
  func weightedCrossEntropy() throws {
    let loss = try registry.get("weighted_cross_entropy", [:], for: data)
    #expect(
      loss.parameters["weights"]?.array?.compactMap(\.double).map { Int($0 * 100) } == [1000, 6250, 136, 0])
    let labels = IndexTensor([2, 1])
    let (rare, common) = (Float(62.5), Float(1000) / 735)
    let single = crossEntropy(outputs, labels, reduction: .none).elements
    let expected = (common * single[0] + rare * single[1]) / (common + rare)
    #expect(abs(loss(outputs, labels).scalar - expected) < 1e-5)
    #expect(throws: LabError.self) { try registry.get("weighted_cross_entropy", [:]) }
  }
}
