import Utils

/// Whether a metric is better when it is larger or when it is smaller.
public enum Goal: String, Sendable {
  case maximize, minimize

  /// `minimize` for a loss, an error or mistakes, `maximize` for everything else.
  public init(of metric: String) {
    self = ["loss", "error", "mistakes"].contains { metric.hasSuffix($0) } ? .minimize : .maximize
  }

  /// `value` is better than `best` by more than `margin`.
  public func isBetter(_ value: Double, than best: Double, by margin: Double = 0) -> Bool {
    self == .maximize ? value > best + margin : value < best - margin
  }
}

/// Stops when a metric has not become better for a number of epochs (Prechelt 1998).
public final class EarlyStopping: Callback {
  private let metric: String
  private let goal: Goal
  private let patience: Int
  private let margin: Double
  private var best: Double?
  private var bestEpoch = 0

  /// Watches `metric`; an improvement is more than `margin`, `patience` epochs without one end the training.
  public init(watching metric: String, goal: Goal? = nil, patience: Int, margin: Double = 0) {
    require(patience >= 1, "a patience of \(patience) epochs stops before training begins")
    self.metric = metric
    self.goal = goal ?? Goal(of: metric)
    self.patience = patience
    self.margin = margin
  }

  /// Compares the metric with the best so far; throws when the epoch did not measure it.
  public func epochEnded(_ report: EpochReport) throws -> Verdict {
    guard let value = report.metrics[metric] else {
      throw LabError(
        .training, "early stopping watches \(metric), which epoch \(report.epoch) did not measure",
        remedy: "watch one of \(report.metrics.map(\.name).joined(separator: ", "))")
    }
    if best.map({ goal.isBetter(value, than: $0, by: margin) }) ?? !value.isNaN {
      (best, bestEpoch) = (value, report.epoch)
    }
    guard report.epoch - bestEpoch >= patience else { return .goOn }
    return .stop(reason: "\(metric) has not become better for \(patience) epochs")
  }

  /// What has to be kept to go on in another process.
  public var state: JSONValue {
    ["best": best.map(JSONValue.number) ?? nil, "best_epoch": .integer(Int64(bestEpoch))]
  }

  /// Takes up what another process had reached after `epochs`; throws where that cannot have been.
  public func restore(_ state: JSONValue, after epochs: Int) throws {
    let epoch = state["best_epoch"]?.int ?? -1
    guard (0...Swift.max(epochs, 0)).contains(epoch) else {
      throw LabError(
        .checkpoint,
        "the checkpoint claims its best \(metric) for epoch \(epoch) of \(epochs)",
        remedy: "begin a new run with its weights: --load-checkpoint")
    }
    (best, bestEpoch) = (state["best"]?.double, epoch)
  }
}
