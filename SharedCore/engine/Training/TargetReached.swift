import Utils

/// Stops when a metric is as good as was asked for: how long that takes is what training times are compared by
/// (Coleman et al., "DAWNBench", 2017).
public final class TargetReached: Callback {
  private let metric: String
  private let goal: Goal
  private let target: Double

  /// Watches `metric`, which is to become at least `target`, or at most where less is better.
  public init(watching metric: String, goal: Goal? = nil, target: Double) {
    self.metric = metric
    self.goal = goal ?? Goal(of: metric)
    self.target = target
  }

  /// Holds the metric against the target; throws when the epoch did not measure it.
  public func epochEnded(_ report: EpochReport) throws -> Verdict {
    guard let value = report.metrics[metric] else {
      throw LabError(
        .training, "the target speaks of \(metric), which epoch \(report.epoch) did not measure",
        remedy: "watch one of \(report.metrics.map(\.name).joined(separator: ", "))")
    }
    guard value == target || goal.isBetter(value, than: target) else { return .goOn }
    return .stop(reason: "\(metric) reached the target of \(target)")
  }
}
