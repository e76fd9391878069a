import Utils

/// The receiver operating characteristic of a two-class score: what each threshold catches and what it costs.
///
/// Fawcett, "An introduction to ROC analysis", 2006, algorithms 1 and 2; the points are those of
/// scikit-learn's `roc_curve` with `drop_intermediate=False`.
public struct ROCCurve: Equatable, Sendable {
  /// What happens when every score from `threshold` up is called positive.
  public struct Point: Equatable, Sendable {
    /// The part of the negative examples that is called positive, in 0...1; NaN when there are none.
    public let falsePositiveRate: Double
    /// The part of the positive examples that is called positive, in 0...1; NaN when there are none.
    public let truePositiveRate: Double
    /// The smallest score that is called positive; infinite in the first point, which calls nothing positive.
    public let threshold: Float
  }

  /// A point for each distinct score, by falling threshold, after the point that calls nothing positive.
  public let points: [Point]

  /// The area under the curve in 0...1, 0.5 by chance; nil when the positive or the negative class has no
  /// example.
  ///
  /// Equals the chance that a positive example scores higher than a negative one, ties counted half.
  public let area: Double?

  /// The curve of `scores`, of which `isPositive` tells the class; throws `LabError(.model)` when a score is
  /// NaN.
  public init(scores: [Float], isPositive: [Bool]) throws {
    require(scores.count == isPositive.count, "\(scores.count) scores for \(isPositive.count) classes")
    if let index = scores.firstIndex(where: \.isNaN) {
      throw LabError(
        .model, "the score of example \(index) is not a number, so that there is no ROC curve",
        remedy: "lower the learning rate or check the data")
    }
    let positives = isPositive.count { $0 }
    let negatives = isPositive.count - positives
    let byFallingScore = zip(scores, isPositive).sorted { $0.0 > $1.0 }

    var (truePositives, falsePositives) = (0, 0)
    var twiceArea = 0.0  // in units of one positive times one negative example, by the trapezoid rule
    func point(_ threshold: Float) -> Point {
      Point(
        falsePositiveRate: Double(falsePositives) / Double(negatives),
        truePositiveRate: Double(truePositives) / Double(positives), threshold: threshold)
    }
    var points = [point(.infinity)]
    var start = 0
    while start < byFallingScore.count {
      let threshold = byFallingScore[start].0
      let (tieStart, before) = (start, truePositives)
      while start < byFallingScore.count, byFallingScore[start].0 == threshold {
        if byFallingScore[start].1 { truePositives += 1 }
        start += 1
      }
      let tiedNegatives = start - tieStart - (truePositives - before)
      falsePositives += tiedNegatives
      twiceArea += Double(tiedNegatives) * Double(before + truePositives)
      points.append(point(threshold))
    }
    self.points = points
    area = positives == 0 || negatives == 0 ? nil : twiceArea / 2 / Double(positives) / Double(negatives)
  }
}
