import Engine
import Utils

/// Watches one run of a sweep, and ends it where `Hyperband` says so.
final class HyperbandStopping: Callback {
  /// Why the run was ended; nil as long as it was not.
  private(set) var reason: String?

  private let hyperband: Hyperband
  private let objective: Objective
  private let epochs: Int
  private var own: [Int: Double]
  private let others: () -> [[Int: Double]]

  /// - Parameters:
  ///   - epochs: how many the run has: with its last it ends in any case.
  ///   - past: the metric by epoch of the runs that this one goes on with.
  ///   - others: the metric by epoch of the other runs of the sweep, asked for when a band is reached.
  init(
    _ hyperband: Hyperband, _ objective: Objective, epochs: Int, past: [Int: Double],
    others: @escaping () -> [[Int: Double]]
  ) {
    (self.hyperband, self.objective, self.epochs) = (hyperband, objective, epochs)
    (self.own, self.others) = (past, others)
  }

  func epochEnded(_ report: EpochReport) throws -> Verdict {
    guard let value = report.metrics[objective.metric] else {
      throw Objective.unknown(objective.metric, in: report.metrics.map(\.name))
    }
    own[report.epoch] = value
    guard report.epoch < epochs, hyperband.bands.contains(report.epoch),
      let reason = hyperband.verdict(after: report.epoch, own, others: others(), goal: objective.goal)
    else { return .goOn }
    self.reason = reason
    return .stop(reason: reason)
  }
}
