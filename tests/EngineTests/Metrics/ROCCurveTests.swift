import Engine
import Testing
import Utils

@Suite("ROC curve")
struct ROCCurveTests {
  @Test("has the points of scikit-learn, ties in one point")
  func points() throws {
    // scikit-learn 1.9.1: roc_curve(y, s, drop_intermediate=False), roc_auc_score(y, s), s as float32
    let curve = try ROCCurve(
      scores: [0.9, 0.8, 0.8, 0.7, 0.7, 0.7, 0.2, -1],
      isPositive: [true, false, true, true, false, false, true, false])
    #expect(curve.points.map(\.falsePositiveRate) == [0, 0, 0.25, 0.75, 0.75, 1])
    #expect(curve.points.map(\.truePositiveRate) == [0, 0.25, 0.5, 0.75, 1, 1])
    #expect(curve.points.map(\.threshold) == [.infinity, 0.9, 0.8, 0.7, 0.2, -1])
    #expect(curve.area == 0.65625)
  }

  @Test("agrees with scikit-learn on a thousand scores")
  func thousand() throws {
    // i = arange(1000); y = i*i % 5 == 1; s = (i*37 % 101 + 20*y).astype("float32")
    let isPositive = (0..<1000).map { $0 * $0 % 5 == 1 }
    let scores = (0..<1000).map { Float($0 * 37 % 101 + (isPositive[$0] ? 20 : 0)) }
    let curve = try ROCCurve(scores: scores, isPositive: isPositive)
    #expect(curve.points.count == 122)
    #expect(abs(curve.points[40].falsePositiveRate - 0.19833333333333333) < 1e-15)
    #expect(abs(curve.points[40].truePositiveRate - 0.3925) < 1e-15)
    #expect(curve.points[40].threshold == 81)
    #expect(abs(try #require(curve.area) - 0.67521875) < 1e-14)
  }

  @Test(
    "area is 1 for perfect, 0 for reversed and a half for constant scores",
    arguments: [
      ([4, 3, 2, 1], 1.0), ([1, 2, 3, 4], 0.0), ([7, 7, 7, 7], 0.5),
      ([.infinity, 0, -0.0, -.infinity], 0.875),
    ] as [([Float], Double)])
  func area(scores: [Float], expected: Double) throws {
    #expect(try ROCCurve(scores: scores, isPositive: [true, true, false, false]).area == expected)
  }

  @Test("has no area when one class is absent", arguments: [[true, true], [false, false], []])
  func oneClass(isPositive: [Bool]) throws {
    let scores = [Float](repeating: 0.5, count: isPositive.count)
    let curve = try ROCCurve(scores: scores, isPositive: isPositive)
    #expect(curve.area == nil)
    let last = try #require(curve.points.last)
    #expect(last.truePositiveRate.isNaN == !isPositive.contains(true))
    #expect(last.falsePositiveRate.isNaN == !isPositive.contains(false))
  }

  @Test("refuses a score that is not a number, naming the example")
  func notANumber() {
    let error = #expect(throws: LabError.self) {
      try ROCCurve(scores: [0, .nan], isPositive: [true, false])
    }
    #expect(error?.cause == "the score of example 1 is not a number, so that there is no ROC curve")
  }
}

@Suite("Weighted mean")
struct WeightedMeanTests {
  @Test("weights batches by their examples, ignores empty ones and merges")
  func weights() {
    var mean = WeightedMean()
    #expect(mean.mean == nil)
    mean.add(1, count: 3)
    mean.add(.nan, count: 0)
    mean.add(5, count: 1)
    #expect(mean.mean == 2)
    #expect(mean.count == 4)
    var other = WeightedMean()
    other.add(4, count: 4)
    mean += other
    #expect(mean.mean == 3)
    #expect(mean.count == 8)
  }

  @Test("does not lose small losses in a long sum, as single precision does")
  func precision() {
    var mean = WeightedMean()
    for _ in 0..<1_000_000 { mean.add(Double(Float(0.1)), count: 64) }
    #expect(abs(mean.mean! - Double(Float(0.1))) < 1e-9)
  }
}
