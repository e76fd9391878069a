import Engine
import Tracking

/// Hands the numbers of a training to the trackers: every epoch's, and some steps' in between when an epoch is long.
final class MetricLogging: Callback {
  private let trackers: TrackerGroup
  private var lastStep = 0

  init(_ trackers: TrackerGroup) { self.trackers = trackers }

  func stepEnded(_ report: StepReport) throws -> Verdict {
    guard report.batchCount >= 20, report.step - lastStep >= max(report.batchCount / 20, 1) else {
      return .goOn
    }
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
