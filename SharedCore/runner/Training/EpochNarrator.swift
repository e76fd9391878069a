import Engine
import Logging
import Utils

/// Tells how training goes: every epoch to the log file, a few of many to the console, and a progress bar on a terminal.
final class EpochNarrator: Callback {
  private let logger: Logger
  private let label: String?
  private var bar = ProgressBar("training", total: 1, unit: "batches")
  private var beginning: FitBeginning?
  private var sinceLine = Stopwatch()

  /// Tells `logger`; one run of many has a `label`, and tells the console only what takes long.
  init(_ logger: Logger, _ label: String? = nil) {
    self.logger = logger
    self.label = label
  }

  func fitBegins(_ beginning: FitBeginning) throws {
    self.beginning = beginning
    bar = ProgressBar(label ?? "training", total: beginning.epochs * beginning.batchCount, unit: "batches")
  }

  func stepEnded(_ report: StepReport) throws -> Verdict {
    bar.show((report.epoch - 1) * report.batchCount + report.batch, note: "epoch \(report.epoch)")
    return .goOn
  }

  func epochEnded(_ report: EpochReport) throws -> Verdict {
    let isShown =
      label == nil
      ? isRound(report.epoch) || report.epoch == beginning?.epochs || sinceLine.seconds > 2
        || (beginning?.epochs ?? 0) <= 10
      : sinceLine.seconds > 20 && report.epoch != beginning?.epochs
    let metrics = report.metrics.filter { !$0.isDetail }.map { "\($0.name) \(metricText($0))" }.joined(
      separator: "  ")
    let line = "\(label.map { $0 + "  " } ?? "")epoch \(padded(report.epoch))  \(metrics)"
    if isShown {
      bar.clear()
      logger.log(level: label == nil ? .info : .notice, "\(line)")
      sinceLine = Stopwatch()
    } else {
      logger.debug("\(line)")
    }
    return .goOn
  }

  func fitEnded(_ report: FitReport) throws { bar.clear() }

  /// 0, 1, 2, 3, 5, 10, 20, 50, 100, ...: enough to see a curve fall, few enough to read.
  private func isRound(_ epoch: Int) -> Bool {
    if epoch == 0 { return true }
    var tens = 1
    while tens * 10 <= epoch { tens *= 10 }
    return [1, 2, 5].contains { $0 * tens == epoch } || epoch == 3
  }

  private func metricText(_ metric: Metric) -> String {
    metric.value == metric.value.rounded() && metric.name.hasSuffix("mistakes")
      ? "\(Int(metric.value))" : figure(metric.value)
  }

  private func padded(_ epoch: Int) -> String {
    let width = String(beginning?.epochs ?? epoch).count
    let text = String(epoch)
    return String(repeating: " ", count: max(width - text.count, 0)) + text
  }
}
