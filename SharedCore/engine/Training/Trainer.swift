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
  ///   - past: where an earlier process has ended, which may be inside an epoch.
  /// - Returns: what happened. A training that is stopped inside an epoch does not measure it.
  public func fit(
    _ rule: any TrainingRule, on data: any BatchSource, after past: TrainingPosition = TrainingPosition()
  ) throws -> FitReport {
    let clock = Stopwatch()
    var place = past
    var history: [EpochReport] = []
    var verdict = Verdict.goOn
    let beginning = FitBeginning(
      epochs: epochs, firstEpoch: place.epochs + 1, sampleCount: data.sampleCount, batchCount: data.batchCount
    )
    for callback in callbacks { try callback.fitBegins(beginning) }

    while place.epochs < epochs, verdict == .goOn {
      let epochClock = Stopwatch()
      verdict = try steps(of: rule, on: data, from: &place)
      guard place.batches == data.batchCount else { break }
      let metrics = place.endEpoch().metrics(prefix: "train_") + (try measure())
      let report = EpochReport(
        epoch: place.epochs, step: place.steps, metrics: metrics, seconds: epochClock.seconds,
        totalSeconds: clock.seconds)
      history.append(report)
      verdict = try verdict.or(rule.verdict(after: report))
      for callback in callbacks { verdict = try verdict.or(callback.epochEnded(report)) }
    }

    var (reason, converged) = ("\(epochs) epochs were asked for", false)
    if case .stop(let why, let done) = verdict { (reason, converged) = (why, done) }
    let report = FitReport(
      position: place, reason: reason, converged: converged, history: history, seconds: clock.seconds)
    for callback in callbacks { try callback.fitEnded(report) }
    return report
  }

  /// What is left of the epoch that follows `place`, until it ends or somebody says stop.
  private func steps(
    of rule: any TrainingRule, on data: any BatchSource, from place: inout TrainingPosition
  ) throws -> Verdict {
    var batches = data.batches(epoch: place.epochs + 1, startingAt: place.batches)
    var verdict = Verdict.goOn
    while verdict == .goOn, let batch = try batches.next() {
      let position = StepPosition(
        epoch: place.epochs + 1, step: place.steps + 1, batch: place.batches + 1, batchCount: data.batchCount)
      let result = try run(rule, on: batch, at: position)
      place.add(result)
      let report = StepReport(position: position, result: result, place: place)
      for callback in callbacks { verdict = try verdict.or(callback.stepEnded(report)) }
    }
    return verdict
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
