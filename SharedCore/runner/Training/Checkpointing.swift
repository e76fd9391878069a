import Engine
import Foundation
import Utils

/// Keeps the state where training is and where it was best, and writes both as files.
///
/// A file is written when training ends and, in between, as the rhythm says: waiting for the disk after every epoch would
/// take longer than the epochs of a small model. Each state is one from which the rest of the training is the same, bit for
/// bit, as without the interruption.
final class Checkpointing: Callback {
  /// Copies what there is at a place: its metrics are those of the last whole epoch.
  typealias Snapshot = (_ place: TrainingPosition, _ metrics: [Metric], _ best: JSONValue) -> Checkpoint

  private let monitor: String
  private let goal: Goal
  private let last: URL
  private let best: URL
  private let rhythm: CheckpointRhythm
  private let recent: RecentCheckpoints
  private let isWriting: Bool
  private let canPause: () -> Bool
  private let willWrite: () -> Void
  private let snapshot: Snapshot
  private var place = TrainingPosition()
  private var metrics: [Metric] = []
  private var bestMark: (value: Double, epoch: Int)?
  private var lastSnapshot, bestSnapshot: Checkpoint?
  private var clock = Stopwatch()
  private var cost = 0.0
  private var stepWritten = 0

  /// Saves what `snapshot` copies to `last` and `best`; the best epoch is the one with the best `monitor`.
  ///
  /// - Parameters:
  ///   - rhythm: when, while training goes on.
  ///   - keepRecent: how many of the states that the rhythm wrote stay, beside the last, as files of their own.
  ///   - isWriting: whether there are to be files; without, the states are kept in memory alone.
  ///   - canPause: whether the state is whole after the present step.
  ///   - willWrite: hears that a state is about to be written, from which another process may go on.
  init(
    monitor: String, last: URL, best: URL, rhythm: CheckpointRhythm = .patient, keepRecent: Int = 0,
    isWriting: Bool = true, canPause: @escaping () -> Bool = { true },
    willWrite: @escaping () -> Void = {}, snapshot: @escaping Snapshot
  ) {
    self.monitor = monitor
    goal = Goal(of: monitor)
    (self.last, self.best) = (last, best)
    (self.rhythm, self.canPause, self.snapshot) = (rhythm, canPause, snapshot)
    self.willWrite = willWrite
    self.isWriting = isWriting
    recent = RecentCheckpoints(beside: last, count: keepRecent)
  }

  /// Takes up where the checkpoint of an earlier run ends, and `best`, the best one of that run.
  ///
  /// Without `best` its mark is not taken up either: what is called the best must be a file that exists.
  func restore(_ checkpoint: Checkpoint, best: Checkpoint?) {
    let lab = checkpoint.lab
    place = lab["position"].flatMap(TrainingPosition.init) ?? TrainingPosition()
    stepWritten = place.steps
    metrics = (lab["metrics"]?.object ?? [:]).compactMap { name, value in
      value.double.map { Metric(name, $0) }
    }
    guard let best, let value = lab["best"]?["value"]?.double, let epoch = lab["best"]?["epoch"]?.int else {
      return
    }
    bestMark = (value, epoch)
    bestSnapshot = best
  }

  /// The start is kept too: a run may be interrupted before its first epoch is whole, or have none left to run.
  func fitBegins(_ beginning: FitBeginning) throws {
    take()
    if bestSnapshot == nil { bestSnapshot = lastSnapshot }
  }

  func stepEnded(_ report: StepReport) throws -> Verdict {
    place = report.place
    guard report.batch < report.batchCount, canPause(),
      rhythm.isDue(afterStep: report.step, written: stepWritten, age: clock.seconds, cost: cost)
    else { return .goOn }
    take()
    try write(keeping: true)
    return .goOn
  }

  func epochEnded(_ report: EpochReport) throws -> Verdict {
    (place, metrics) = (TrainingPosition(epochs: report.epoch, steps: report.step), report.metrics)
    let value = report.metrics[monitor]
    let isBest =
      value.map { value in bestMark.map { goal.isBetter(value, than: $0.value) } ?? !value.isNaN } ?? false
    if isBest, let value { bestMark = (value, report.epoch) }
    let isFirst = bestMark == nil
    take()
    if isBest || isFirst { bestSnapshot = lastSnapshot }
    let isDue =
      rhythm.isDue(afterEpoch: report.epoch, age: clock.seconds, cost: cost)
      || rhythm.isDue(afterStep: report.step, written: stepWritten, age: clock.seconds, cost: cost)
    if isDue {
      try write(keeping: true)
    } else if rhythm.isLate(age: clock.seconds, cost: cost) {
      try write()
    }
    return .goOn
  }

  /// Inside an epoch the last state is that of the last step, or of the last one with nothing left open.
  func fitEnded(_ report: FitReport) throws {
    if report.position.batches > 0, canPause() { take() }
    try write()
  }

  /// The state after the best epoch, read again where it has been written; nil where no epoch has set a mark.
  func bestState() throws -> Checkpoint? {
    guard bestMark != nil else { return nil }
    return try bestSnapshot ?? (isWriting ? Checkpoint(contentsOf: best) : nil)
  }

  /// The newest state; nil before training begins.
  var kept: Checkpoint? { lastSnapshot }

  /// Writes what is not yet on the disk. The best goes first: a process that is killed between the two then leaves a
  /// `last` that is not ahead of its `best`.
  func write(keeping: Bool = false) throws {
    guard isWriting else { return }
    let writing = Stopwatch()
    willWrite()
    if let bestSnapshot {
      try bestSnapshot.write(to: best)
      self.bestSnapshot = nil
    }
    if let lastSnapshot {
      try lastSnapshot.write(to: last)
      if keeping { try recent.keep(lastSnapshot, step: place.steps) }
    }
    (cost, stepWritten, clock) = (writing.seconds, place.steps, Stopwatch())
  }

  private func take() { lastSnapshot = snapshot(place, metrics, mark) }

  private var mark: JSONValue {
    bestMark.map {
      ["metric": .string(monitor), "value": .number($0.value), "epoch": .integer(Int64($0.epoch))]
    } ?? nil
  }
}

/// The newest few of the states that were written on the way, as `step-000500.safetensors` beside the last.
final class RecentCheckpoints {
  private let folder: URL
  private let count: Int
  private var files: [URL] = []

  init(beside last: URL, count: Int) {
    (folder, self.count) = (last.deletingLastPathComponent(), count)
  }

  /// Writes a state and takes away the oldest beyond the count.
  func keep(_ checkpoint: Checkpoint, step: Int) throws {
    guard count > 0 else { return }
    let digits = "\(step)"
    let name = "step-" + String(repeating: "0", count: max(6 - digits.count, 0)) + digits
    let file = folder.appending(path: "\(name).safetensors")
    try checkpoint.write(to: file)
    files = files.filter { $0 != file } + [file]
    while files.count > count { try? FileManager.default.removeItem(at: files.removeFirst()) }
  }
}
