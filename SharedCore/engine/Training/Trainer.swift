import Foundation
import Utils

/// The training loop.
public struct Trainer {
  /// How many epochs to run at the most.
  public var epochs: Int
  /// Where dropout and its like begin; with the number of the step, all that their masks depend on.
  public var seed: UInt64
  /// Who watches, in the order in which they are asked.
  public var callbacks: [any Callback]
  /// Who watches every operation of the training steps: a profiler, the search for the first NaN.
  public var observer: (any PassObserver)?
  /// Measures the parts of the data that are watched after each epoch: metrics such as `val_accuracy`.
  public var measure: () throws -> [Metric]

  /// A loop over `epochs`.
  public init(
    epochs: Int, seed: UInt64 = 0, callbacks: [any Callback] = [],
    measure: @escaping () throws -> [Metric] = { [] }
  ) {
    self.epochs = epochs
    self.seed = seed
    self.callbacks = callbacks
    self.measure = measure
  }

  /// Lets `rule` learn from `data`, epoch by epoch, until all have run or somebody says stop.
  ///
  /// - Parameters:
  ///   - rule: how a batch changes the model.
  ///   - data: the training part.
  ///   - past: epochs and steps that an earlier process has run.
  public func fit(
    _ rule: any TrainingRule, on data: any BatchSource, after past: (epochs: Int, steps: Int) = (0, 0)
  ) throws -> FitReport {
    let clock = Stopwatch()
    var (epoch, step) = past
    var history: [EpochReport] = []
    var verdict = Verdict.goOn
    let beginning = FitBeginning(
      epochs: epochs, firstEpoch: epoch + 1, sampleCount: data.sampleCount, batchCount: data.batchCount)
    for callback in callbacks { try callback.fitBegins(beginning) }

    while epoch < epochs, verdict == .goOn {
      epoch += 1
      let epochClock = Stopwatch()
      var totals = EpochTotals()
      var batches = data.batches(epoch: epoch, startingAt: 0)
      while verdict == .goOn, let batch = try batches.next() {
        step += 1
        let batchNumber = totals.steps + 1
        let position = StepPosition(
          epoch: epoch, step: step, batch: batchNumber, batchCount: data.batchCount)
        let result = try run(rule, on: batch, at: position)
        totals.add(result)
        let report = StepReport(
          epoch: epoch, step: step, batch: batchNumber, batchCount: data.batchCount, result: result)
        for callback in callbacks { verdict = try verdict.or(callback.stepEnded(report)) }
      }
      let seconds = epochClock.seconds
      let metrics = totals.metrics(prefix: "train_") + (try measure())
      let report = EpochReport(
        epoch: epoch, step: step, metrics: metrics, seconds: seconds, totalSeconds: clock.seconds)
      history.append(report)
      verdict = try verdict.or(rule.verdict(after: report))
      for callback in callbacks { verdict = try verdict.or(callback.epochEnded(report)) }
    }

    var (reason, converged) = ("\(epochs) epochs were asked for", false)
    if case .stop(let why, let done) = verdict { (reason, converged) = (why, done) }
    let report = FitReport(
      epochs: epoch, steps: step, reason: reason, converged: converged, history: history,
      seconds: clock.seconds)
    for callback in callbacks { try callback.fitEnded(report) }
    return report
  }

  private func run(_ rule: any TrainingRule, on batch: Batch, at position: StepPosition) throws -> StepResult
  {
    rule.stepBegins(at: position)
    let step = {
      try withMode(.training, randomness: Randomness(seed: seed, step: position.step)) {
        try rule.step(batch)
      }
    }
    return try observer?.watch(position, step) ?? step()
  }
}

extension Verdict {
  /// The first reason to stop stands.
  fileprivate func or(_ later: @autoclosure () throws -> Verdict) rethrows -> Verdict {
    let later = try later()
    return self == .goOn ? later : self
  }
}

/// What the steps of an epoch reported: means weighted by the number of examples, sums added, in double precision.
struct EpochTotals {
  private(set) var steps = 0
  private var means: [(name: String, value: WeightedMean)] = []
  private var sums: [Metric] = []

  mutating func add(_ result: StepResult) {
    if steps == 0 {
      means = result.means.map { ($0.name, WeightedMean()) }
      sums = result.sums.map { Metric($0.name, 0) }
    }
    require(
      means.count == result.means.count && sums.count == result.sums.count,
      "every step of an epoch measures the same, the first \(means.map(\.name) + sums.map(\.name))")
    steps += 1
    for slot in means.indices { means[slot].value.add(result.means[slot].value, count: result.count) }
    for slot in sums.indices {
      sums[slot] = Metric(sums[slot].name, sums[slot].value + result.sums[slot].value)
    }
  }

  func metrics(prefix: String) -> [Metric] {
    means.compactMap { mean in mean.value.mean.map { Metric(prefix + mean.name, $0) } }
      + sums.map { Metric(prefix + $0.name, $0.value) }
  }
}
