import Engine
import Foundation
import Testing
import Utils

@testable import LeNet

/// What the network of 1998 has and today's has not.
@Suite struct OriginalLayersTests {
  private func random() -> RandomStream { RandomStream(seed: 5) }

  @Test func subsamplingIsATrainedSum() {
    var random = random()
    let layer = Subsampling(2, using: &random)
    layer.coefficient.set(Tensor([2, -1], shape: [2]))
    layer.bias.set(Tensor([0.5, 10], shape: [2]))
    let y = layer(Tensor([1, 2, 3, 4, 5, 6, 7, 8], shape: [1, 2, 2, 2]))
    #expect(y.shape == [1, 2, 1, 1] && y.elements == [2 * 10 + 0.5, -26 + 10])
  }

  /// Every pair of the table has its own kernel, and what is not in the table is not seen.
  @Test func theTableDecidesWhatAMapSees() {
    var random = random()
    let layer = PartialConvolution(table: OriginalLeNet.table, kernel: 5, using: &random)
    let pairs = OriginalLeNet.table.map(Set.init)
    #expect(pairs.map(\.count).reduce(0, +) == 60 && Set(pairs).count == 16)
    layer.bias.set(Tensor(repeating: 0, shape: [16]))
    for input in 0..<6 {
      let x = Tensor((0..<6 * 25).map { $0 / 25 == input ? 1 : 0 }, shape: [1, 6, 5, 5])
      let seeing = layer(x).elements.enumerated().filter { $0.element != 0 }.map(\.offset)
      #expect(seeing == pairs.indices.filter { pairs[$0].contains(input) }, "map \(input)")
    }
    // The fourth kernel is the first of map 1, for input map 1.
    let x = Tensor((0..<6 * 25).map { $0 / 25 == 1 ? 1 : 0 }, shape: [1, 6, 5, 5])
    let sum = layer.weight.value.elements[75..<100].reduce(0, +)
    #expect(Swift.abs(layer(x).elements[1] - sum) < 1e-5)
  }

  @Test func squashingIsOneAtOne() {
    let y = squashed(Tensor([-1, 0, 1, 100], shape: [4])).elements
    for (a, b) in zip(y, [-1, 0, 1, 1.7159] as [Float]) { #expect(Swift.abs(a - b) < 1e-4) }
  }

  @Test func outputsAreDistances() {
    let outputs = DistanceOutputs([[1, -1], [0, 3]])
    #expect(outputs(Tensor([1, 1, 0, 3], shape: [2, 2])).elements == [-4, -5, -17, 0])
  }

  /// Equation 9 in Double, term by term.
  @Test func theCriterionIsThatOfThePaper() {
    let y: [[Double]] = [[3, 0.5, 7], [0.2, 30, 4]]
    let labels = [1, 2]
    let expected =
      zip(y, labels).map { y, right in
        y[right] + log(exp(-1) + y.map { exp(-$0) }.reduce(0, +))
      }.reduce(0, +) / 2
    let scores = Tensor(y.flatMap { $0.map { Float(-$0) } }, shape: [2, 3])
    let loss = Loss.maximumAPosteriori(scores, IndexTensor(labels.map(Int32.init)))
    #expect(Swift.abs(Double(loss.scalar) - expected) < 1e-5)
  }

  @Test func tenDifferentDigitsOfSevenByTwelve() {
    #expect(DigitBitmaps.all.map(\.count) == [Int](repeating: 84, count: 10))
    for a in 0..<10 {
      let lines = DigitBitmaps.drawings[a].split(separator: "\n")
      #expect(lines.count == 12 && lines.allSatisfy { $0.count == 7 })
      for b in 0..<a {
        #expect(zip(DigitBitmaps.all[a], DigitBitmaps.all[b]).count { $0 != $1 } >= 2, "\(a) and \(b)")
      }
    }
  }
}
