import Engine
import Tracking

/// Hands the numbers of a training to the trackers: every epoch's, and some steps' in between when an epoch is long.
final class MetricLogging: Callback {
  private let trackers: TrackerGroup
  private let interval: Int?
  private var lastStep = 0

  /// - Parameter interval: steps from one record to the next; nil for twenty records an epoch of at least twenty steps.
  init(_ trackers: TrackerGroup, every interval: Int? = nil) {
    self.trackers = trackers
    self.interval = interval
  }

  func stepEnded(_ report: StepReport) throws -> Verdict {
    guard interval != nil || report.batchCount >= 20,
      report.step - lastStep >= interval ?? max(report.batchCount / 20, 1)
    else { return .goOn }
    lastStep = report.step
    let metrics = (report.result.means + report.result.sums).map { ("step_\($0.name)", $0.value) }
    trackers.log(metrics, step: report.step, epoch: report.epoch)
    return .goOn
  }

  func epochEnded(_ report: EpochReport) throws -> Verdict {
    let metrics = report.metrics.map { ($0.name, $0.value) } + [("epoch_seconds", report.seconds)]
    trackers.log(metrics, step: report.step, epoch: report.epoch)
    return .goOn
  }
}
