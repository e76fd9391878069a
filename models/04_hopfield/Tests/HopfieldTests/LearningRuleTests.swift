import Engine
import Testing
import Utils

@testable import Hopfield

/// The three rules against their formulas.
@Suite struct LearningRuleTests {
  private func patterns(_ count: Int, _ width: Int, seed: UInt64 = 1) -> Tensor {
    Tensor(
      PatternSet.random(count, width: width, seed: seed).patterns.flatMap { $0 }, shape: [count, width])
  }

  @Test func hebbByHand() throws {
    let w = try LearningRule.hebb.weights(Tensor([1, -1, 1, 1, 1, -1], shape: [2, 3]))
    #expect(w.elements == [0, 0, 0, 0, 0, -2 / 3.0, 0, -2 / 3.0, 0])
  }

  @Test(arguments: LearningRule.allCases)
  func weightsAreSymmetricWithoutADiagonal(rule: LearningRule) throws {
    let w = try rule.weights(patterns(7, 40))
    let elements = w.elements
    for i in 0..<40 {
      #expect(elements[i * 41] == 0)
      for j in 0..<i { #expect(abs(elements[i * 40 + j] - elements[j * 40 + i]) < 1e-6) }
    }
  }

  /// Storkey's formula as it is printed, without the short cut for h_ij.
  @Test func storkeyIsTheFormulaWrittenOut() throws {
    let (count, n) = (4, 9)
    let x = patterns(count, n, seed: 6)
    var w = [Double](repeating: 0, count: n * n)
    for p in 0..<count {
      let xi = x.elements[p * n..<(p + 1) * n].map(Double.init)
      func h(_ i: Int, _ j: Int) -> Double {
        (0..<n).filter { $0 != i && $0 != j }.reduce(0) { $0 + w[i * n + $1] * xi[$1] }
      }
      var next = w
      for i in 0..<n {
        for j in 0..<n where i != j {
          next[i * n + j] += (xi[i] * xi[j] - xi[i] * h(j, i) - h(i, j) * xi[j]) / Double(n)
        }
      }
      w = next
    }
    for (ours, theirs) in zip(try LearningRule.storkey.weights(x).elements, w) {
      #expect(abs(Double(ours) - theirs) < 1e-5)
    }
  }

  /// With its diagonal put back the projection leaves every pattern, and every sum of patterns, as it is.
  @Test func theProjectionKeepsThePatterns() throws {
    let x = patterns(30, 50)
    let w = try LearningRule.pseudoinverse.weights(x)
    let p = matmul(try pseudoinverse(x), x).elements
    let diagonal = (0..<50).map { p[$0 * 51] }
    #expect(abs(diagonal.reduce(0, +) - 30) < 1e-3, "the trace of a projection is its rank")
    let kept = matmul(x, w) + x * Tensor(diagonal)
    for (a, b) in zip(kept.elements, x.elements) { #expect(abs(a - b) < 1e-4) }
  }

  /// Patterns that are given twice, or of which one is the inverse of another, have no full rank.
  @Test func equalPatternsAreNoMatter() throws {
    let row: [Float] = [1, -1, 1, 1, -1, -1]
    let w = try LearningRule.pseudoinverse.weights(Tensor(row + row + row.map { -$0 }, shape: [3, 6]))
    let single = try LearningRule.pseudoinverse.weights(Tensor(row, shape: [1, 6]))
    for (a, b) in zip(w.elements, single.elements) { #expect(abs(a - b) < 1e-5) }
  }
}
