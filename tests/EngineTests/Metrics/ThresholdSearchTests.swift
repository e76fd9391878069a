import Testing

@testable import Engine

@Suite("Threshold search")
struct ThresholdSearchTests {
  @Test("the grid is 0.10, 0.15, ..., 0.90")
  func grid() {
    let grid = ThresholdSearch().grid
    #expect(grid.count == 17 && grid.first == 0.1 && grid.last == 0.9 && grid[1] == 0.15)
  }

  @Test("each class has the threshold with its best F1, the one nearest to a half among equals")
  func best() {
    // Class a is told by 0.25...0.35, class b by anything between 0.4 and 0.7, class c is nowhere, class d by nothing else
    // than a low one.
    let probabilities = [
      0.22, 0.3, 0.9, 0.05,
      0.36, 0.8, 0.2, 0.12,
      0.4, 0.71, 0.1, 0.2,
      0.1, 0.39, 0.7, 0.01,
    ]
    let targets: [UInt8] = [0, 0, 0, 0, 1, 1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0]
    let best = ThresholdSearch().best(probabilities: probabilities, targets: targets, classes: 4)
    #expect(best == [0.35, 0.5, 0.5, 0.1])
  }

  @Test("a search never does worse than the usual threshold on what it searched")
  func improvement() {
    var random = RandomNumbers(state: 7)
    for _ in 0..<20 {
      let targets = (0..<120).map { _ in UInt8(random.next() % 3 == 0 ? 1 : 0) }
      let probabilities = targets.map { 0.3 * Double($0) + 0.7 * Double(random.next() % 1000) / 1000 }
      let thresholds = ThresholdSearch().best(probabilities: probabilities, targets: targets, classes: 3)
      func f1(_ thresholds: [Double]) -> Double {
        MultiLabelReport(
          probabilities: probabilities, targets: targets, classNames: ["a", "b", "c"], thresholds: thresholds
        ).macro(\.f1)
      }
      #expect(f1(thresholds) >= f1([0.5, 0.5, 0.5]))
    }
  }

  /// Knuth's multiplicative generator: enough to scatter numbers.
  private struct RandomNumbers {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
  }
}
