import DataUtils

/// What an experiment is expected to reach, and on which part of the data: `test accuracy >= 0.97`, or
/// `all accuracy <= 0.75` where a weakness is shown.
public struct Band: Sendable {
  /// The metric, and the part on which it is measured.
  public let metric: String
  /// The part of the data.
  public let part: DataSplits.Part
  /// What it should reach at the least, at the most.
  public let range: ClosedRange<Double>

  /// At least `bound`.
  public static func atLeast(_ bound: Double, _ metric: String = "accuracy", of part: DataSplits.Part) -> Band
  {
    Band(metric: metric, part: part, range: bound...Double.infinity)
  }

  /// At most `bound`: a weakness.
  public static func atMost(_ bound: Double, _ metric: String = "accuracy", of part: DataSplits.Part) -> Band
  {
    Band(metric: metric, part: part, range: -Double.infinity...bound)
  }

  /// In words: `test accuracy >= 0.97`.
  public var text: String {
    let lower = range.lowerBound.isFinite ? ["\(part) \(metric) >= \(range.lowerBound)"] : []
    let upper = range.upperBound.isFinite ? ["\(part) \(metric) <= \(range.upperBound)"] : []
    return (lower + upper).joined(separator: ", ")
  }
}
