import Utils

/// Lowers the learning rate when a metric has not become better for a number of epochs.
///
/// As PyTorch's `ReduceLROnPlateau`. What it has seen is kept in buffers, which the rule saves with the
/// optimiser's, so a training that is resumed goes on where it was.
public final class ReduceOnPlateau {
  private let metric: String
  private let goal: Goal
  private let factor, threshold, minimum: Double
  private let isRelative: Bool
  private let patience, cooldown: Int
  private let best, badEpochs, cooling, reductions: Buffer

  /// Watches `metric` of every epoch.
  ///
  /// - Parameters:
  ///   - metric: its name, `val_loss`.
  ///   - goal: whether smaller or larger is better; nil to tell by the name.
  ///   - factor: what the rate is multiplied by.
  ///   - patience: how many epochs without an improvement are borne; the rate falls after one more.
  ///   - threshold: how large an improvement is at least.
  ///   - isRelative: the threshold is a share of the best value so far, not a difference.
  ///   - cooldown: epochs after a reduction in which nothing is counted.
  ///   - minimum: the rate falls no further.
  public init(
    watching metric: String, goal: Goal? = nil, factor: Double = 0.1, patience: Int = 10,
    threshold: Double = 1e-4, isRelative: Bool = true, cooldown: Int = 0, minimum: Double = 0
  ) {
    require(0 < factor && factor < 1, "a plateau's factor lies between 0 and 1, got \(factor)")
    self.metric = metric
    self.goal = goal ?? Goal(of: metric)
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.isRelative = isRelative
    self.cooldown = cooldown
    self.minimum = minimum
    best = Buffer(Tensor(self.goal == .minimize ? .infinity : -.infinity))
    (badEpochs, cooling, reductions) = (Buffer(0), Buffer(0), Buffer(0))
  }

  /// Compares the metric with the best so far; throws when the epoch did not measure it.
  public func epochEnded(_ report: EpochReport) throws {
    guard let value = report.metrics[metric] else {
      throw LabError(
        .training, "the learning rate follows \(metric), which epoch \(report.epoch) did not measure",
        remedy: "watch one of \(report.metrics.map(\.name).joined(separator: ", "))")
    }
    observe(value)
  }

  /// Takes note of an epoch's value; a NaN is never better.
  public func observe(_ value: Double) {
    if isBetter(value) {
      best.tensor = Tensor(Float(value))
      badEpochs.contents = .integer(0)
    } else {
      badEpochs.contents = .integer(badEpochs.integer + 1)
    }
    if cooling.integer > 0 {
      cooling.contents = .integer(cooling.integer - 1)
      badEpochs.contents = .integer(0)
    }
    guard badEpochs.integer > patience else { return }
    reductions.contents = .integer(reductions.integer + 1)
    cooling.contents = .integer(Int64(cooldown))
    badEpochs.contents = .integer(0)
  }

  private func isBetter(_ value: Double) -> Bool {
    let best = Double(best.tensor.scalar)
    let sign: Double = goal == .minimize ? -1 : 1
    guard best.isFinite else { return sign * value > sign * best }
    // rounded as the best one was, so that a saved best decides as an unsaved one does
    return sign * Double(Float(value)) > sign * best + threshold * (isRelative ? best.magnitude : 1)
  }

  /// The rate that has come of `rate` by the reductions so far.
  public func reduced(_ rate: Double) -> Double {
    var reduced = rate
    for _ in 0..<reductions.integer where reduced > minimum { reduced = max(reduced * factor, minimum) }
    return reduced
  }

  /// Best value, epochs without a better one, epochs of rest to come, and the number of reductions.
  public func state() -> [(name: String, buffer: Buffer)] {
    [("best", best), ("bad_epochs", badEpochs), ("cooling", cooling), ("reductions", reductions)]
  }
}
