import Engine
import Foundation
import Utils

/// Keeps the state after the last whole epoch and after the best one, and writes both as files.
///
/// A file is written when training ends, and in between when the last one is older than a few seconds: waiting for the disk
/// after every epoch would take longer than the epochs of a small model.
final class Checkpointing: Callback {
  private let monitor: String
  private let goal: Goal
  private let last: URL
  private let best: URL
  private let snapshot: (_ epoch: Int, _ step: Int, _ metrics: [Metric], _ best: JSONValue) -> Checkpoint
  private var start: (epoch: Int, step: Int, metrics: [Metric]) = (0, 0, [])
  private var bestMark: (value: Double, epoch: Int)?
  private var isEpochWhole = false
  private var lastSnapshot, bestSnapshot: Checkpoint?
  private var clock = Stopwatch()
  private let interval = 5.0

  /// Saves what `snapshot` copies to `last` and `best`; the best epoch is the one with the best `monitor`.
  init(
    monitor: String, last: URL, best: URL,
    snapshot: @escaping (_ epoch: Int, _ step: Int, _ metrics: [Metric], _ best: JSONValue) -> Checkpoint
  ) {
    self.monitor = monitor
    goal = Goal(of: monitor)
    self.last = last
    self.best = best
    self.snapshot = snapshot
  }

  /// Takes up where the checkpoint of an earlier run ends, and `best`, the best one of that run.
  ///
  /// Without `best` its mark is not taken up either: what is called the best must be a file that exists.
  func restore(_ checkpoint: Checkpoint, best: Checkpoint?) {
    let lab = checkpoint.lab
    start = (
      lab["position"]?["epoch"]?.int ?? 0, lab["position"]?["step"]?.int ?? 0,
      (lab["metrics"]?.object ?? [:]).compactMap { name, value in value.double.map { Metric(name, $0) } }
    )
    guard let best, let value = lab["best"]?["value"]?.double, let epoch = lab["best"]?["epoch"]?.int else {
      return
    }
    bestMark = (value, epoch)
    bestSnapshot = best
  }

  /// The start is kept too: a run may be interrupted before its first epoch is whole, or have none left to run.
  func fitBegins(_ beginning: FitBeginning) throws {
    let copy = snapshot(start.epoch, start.step, start.metrics, mark)
    lastSnapshot = copy
    if bestSnapshot == nil { bestSnapshot = copy }
  }

  func stepEnded(_ report: StepReport) throws -> Verdict {
    isEpochWhole = report.batch == report.batchCount
    return .goOn
  }

  func epochEnded(_ report: EpochReport) throws -> Verdict {
    guard isEpochWhole else { return .goOn }  // interrupted: the run goes on from the epoch before
    let value = report.metrics[monitor]
    let isBest =
      value.map { value in bestMark.map { goal.isBetter(value, than: $0.value) } ?? !value.isNaN } ?? false
    if isBest, let value { bestMark = (value, report.epoch) }
    let copy = snapshot(report.epoch, report.step, report.metrics, mark)
    lastSnapshot = copy
    if isBest || bestMark == nil { bestSnapshot = copy }
    if clock.seconds > interval { try write() }
    return .goOn
  }

  func fitEnded(_ report: FitReport) throws { try write() }

  /// The state after the last whole epoch; nil before training begins.
  var kept: Checkpoint? { lastSnapshot }

  /// Writes what is not yet on the disk. The best goes first: a process that is killed between the two then leaves a
  /// `last` that is not ahead of its `best`.
  func write() throws {
    if let bestSnapshot {
      try bestSnapshot.write(to: best)
      self.bestSnapshot = nil
    }
    try lastSnapshot?.write(to: last)
    clock = Stopwatch()
  }

  private var mark: JSONValue {
    bestMark.map {
      ["metric": .string(monitor), "value": .number($0.value), "epoch": .integer(Int64($0.epoch))]
    } ?? nil
  }
}
