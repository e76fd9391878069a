import Engine
import Tracking

/// Hands the numbers of a training to the trackers: every epoch's, and some steps' in between when an epoch is long.
final class MetricLogging: Callback {
  /// What the name of a single step's metric begins with.
  static let stepPrefix = "step_"
  /// The wall-clock time of an epoch's steps.
  static let epochSeconds = "epoch_seconds"

  private let trackers: TrackerGroup
  private let interval: Int?
  private var lastStep: Int

  /// - Parameters:
  ///   - interval: steps from one record to the next; nil for twenty records an epoch of at least twenty steps.
  ///   - lastStep: the last step that an earlier process has recorded.
  init(_ trackers: TrackerGroup, every interval: Int? = nil, after lastStep: Int = 0) {
    self.trackers = trackers
    self.interval = interval
    self.lastStep = lastStep
  }

  func stepEnded(_ report: StepReport) throws -> Verdict {
    guard interval != nil || report.batchCount >= 20,
      report.step - lastStep >= interval ?? max(report.batchCount / 20, 1)
    else { return .goOn }
    lastStep = report.step
    let metrics = (report.result.means + report.result.sums).map {
      ("\(Self.stepPrefix)\($0.name)", $0.value)
    }
    trackers.log(metrics, step: report.step, epoch: report.epoch)
    return .goOn
  }

  func epochEnded(_ report: EpochReport) throws -> Verdict {
    let metrics = report.metrics.map { ($0.name, $0.value) } + [(Self.epochSeconds, report.seconds)]
    trackers.log(metrics, step: report.step, epoch: report.epoch)
    return .goOn
  }
}
