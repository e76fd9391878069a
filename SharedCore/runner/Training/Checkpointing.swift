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

  /// Takes up the best mark of the run that is resumed, and its best checkpoint where it still lies.
  func restore(_ state: JSONValue?, best: URL) throws {
    guard let value = state?["value"]?.double, let epoch = state?["epoch"]?.int else { return }
    bestMark = (value, epoch)
    if FileManager.default.fileExists(atPath: best.path) { bestSnapshot = try Checkpoint(contentsOf: best) }
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
    let mark: JSONValue =
      bestMark.map {
        ["metric": .string(monitor), "value": .number($0.value), "epoch": .integer(Int64($0.epoch))]
      } ?? nil
    let copy = snapshot(report.epoch, report.step, report.metrics, mark)
    lastSnapshot = copy
    if isBest || bestMark == nil { bestSnapshot = copy }
    if clock.seconds > interval { try write() }
    return .goOn
  }

  func fitEnded(_ report: FitReport) throws { try write() }

  /// Writes what is not yet on the disk.
  func write() throws {
    try lastSnapshot?.write(to: last)
    if let bestSnapshot {
      try bestSnapshot.write(to: best)
      self.bestSnapshot = nil
    }
    clock = Stopwatch()
  }
}
