import Foundation
import Testing
import Utils

@testable import Engine

@Suite("Focal loss")
struct FocalTests {
  @Test("by hand: -a (1 - q)^gamma log q for each class, with 1 - a for the absent ones")
  func byHand() {
    let x: [Float] = [1.5, -0.3, 0.2, -2, 0.7, 3]
    let t: [Float] = [1, 0, 1, 0, 0, 1]
    let alpha = [0.25, 0.5, 0.99]
    let expected = (0..<6).map { i -> Float in
      let p = 1 / (1 + exp(-Double(x[i])))
      let (q, a) = t[i] == 1 ? (p, alpha[i % 3]) : (1 - p, 1 - alpha[i % 3])
      return Float(-a * pow(1 - q, 2.5) * log(q))
    }
    let (logits, targets) = (Tensor(x, shape: [2, 3]), Tensor(t, shape: [2, 3]))
    let row = Tensor(alpha.map { Float($0) })
    let ours = focal(logits, targets, alpha: row, gamma: 2.5, reduction: .none)
    #expect(isClose(ours.elements, expected, 1e-5))
    let mean = focal(logits, targets, alpha: row, gamma: 2.5)
    #expect(isClose(mean.elements, [expected.reduce(0, +) / 6], 1e-5))
    let probabilities = focal(
      sigmoid(logits), targets, alpha: row, gamma: 2.5, takesProbabilities: true, reduction: .none)
    #expect(isClose(probabilities.elements, expected, 1e-5))
  }

  @Test("with one alpha, and logits within 16, it is torchvision's, values and gradients")
  func torchvision() throws {
    var random = RandomStream(seed: 5)
    let x = Tensor.normal(shape: [16, 4], using: &random) * 4
    let t = Tensor((0..<64).map { Float($0 % 3 == 0 ? 1 : 0) }, shape: [16, 4])
    for alpha in [nil, 0.25] as [Float?] {
      let ours = valueAndGradients(at: [x]) { focal($0[0], t, alpha: alpha.map { Tensor($0) }, gamma: 1.5) }
      let theirs = valueAndGradients(at: [x]) { sigmoidFocal($0[0], t, alpha: alpha, gamma: 1.5) }
      #expect(isClose(ours.value.elements, theirs.value.elements, 1e-6))
      let (mine, other) = (try #require(ours.gradients[0]), try #require(theirs.gradients[0]))
      #expect(isClose(mine.elements, other.elements, 1e-6))
    }
  }

  @Test("with gamma 0 and no alpha it is binary cross entropy")
  func crossEntropy() {
    let (x, t) = (Tensor([1, -3, 0.1], shape: [1, 3]), Tensor([1, 1, 0], shape: [1, 3]))
    #expect(isClose(focal(x, t, gamma: 0).elements, binaryCrossEntropyWithLogits(x, t).elements, 1e-6))
  }

  @Test("beyond probabilities of 1e-7 the loss stays, and has no slope")
  func bounds() throws {
    let x = Tensor([-40, 40, 40, -40, 2], shape: [1, 5])
    let t = Tensor([1, 0, 1, 0, 1], shape: [1, 5])
    let (value, gradients) = valueAndGradients(at: [x]) { focal($0[0], t, gamma: 2, reduction: .sum) }
    #expect(value.scalar.isFinite)
    #expect(abs(value.scalar - (2 * 16.118096 + 0.0018037)) < 1e-3)
    let slopes = try #require(gradients[0]).elements
    #expect(slopes[0..<4].allSatisfy { $0 == 0 } && slopes[4] < 0)
  }
}
