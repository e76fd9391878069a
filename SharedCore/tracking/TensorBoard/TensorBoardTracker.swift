import Foundation
import Synchronization
import Utils

/// The record for TensorBoard: an event file in the run's folder `tensorboard`, with scalars, pictures, histograms and
/// settings.
///
/// `tensorboard --logdir models/NN_name/outputs` then shows every run by its experiment and folder.
public final class TensorBoardTracker: Tracker {
  private struct Record {
    var run: RunDescription
    var events: WriteBehind<[UInt8]>
    var lastStep = 0
  }

  private let record = Mutex<Record?>(nil)

  /// A tracker that waits for its run.
  public init() {}

  /// "TensorBoard", as in "the TensorBoard record".
  public var name: String { "TensorBoard" }

  /// True: it shows how weights and gradients are spread.
  public var takesHistograms: Bool { true }

  /// Makes the event file and enters the settings.
  public func runStarts(_ run: RunDescription, in folder: RunFolder) throws {
    guard makeFolders(folder.tensorboard) else { throw cannotWrite(folder.tensorboard, systemReason()) }
    let time = run.started.timeIntervalSince1970
    let file = folder.tensorboard.appendingPathComponent(
      "events.out.tfevents.\(Int(time)).\(run.machine.host).\(ProcessInfo.processInfo.processIdentifier).0")
    let events = WriteBehind<[UInt8]> { try append(Array($0.joined()), to: file) }
    record.withLock { $0 = Record(run: run, events: events) }
    try events.append(EventRecord.version(time: time).bytes)
    let settings = EventValue.settings(run.typedParameters, group: run.id, time: time)
    try take([settings], step: 0)
  }

  /// Takes the metrics of a step; the file has them within a second.
  public func log(_ metrics: [(name: String, value: Double)], step: Int, epoch: Int) throws {
    try take(metrics.map { EventValue.scalar($0.name, $0.value) }, step: step)
  }

  /// Takes histograms; the file has them within a second.
  public func histograms(_ histograms: [Histogram], step: Int, epoch: Int) throws {
    try take(histograms.map(EventValue.histogram), step: step)
  }

  /// Takes a picture, the PNG of two files that show the same.
  public func artifact(_ artifact: Artifact) throws {
    guard artifact.kind == "picture", artifact.url.pathExtension == "png" else { return }
    let picture = try PNGPicture(contentsOf: artifact.url)
    let tag = artifact.url.deletingPathExtension().lastPathComponent
    try take([EventValue.image(tag, picture)], step: record.withLock { $0?.lastStep ?? 0 })
  }

  /// Enters the summary and how the run ended, and writes what is left.
  public func runEnds(_ outcome: RunOutcome) throws {
    guard let record = record.withLock({ $0 }) else { return }
    let ending = EventValue.ending(outcome.status, time: outcome.ended.timeIntervalSince1970)
    let result = Result {
      try take(
        outcome.summaryApart.map { EventValue.scalar($0.name, $0.value) } + [ending], step: record.lastStep)
    }
    try record.events.flush()
    try result.get()
  }

  private func take(_ values: [ProtobufMessage], step: Int) throws {
    guard
      let events = record.withLock({ record -> WriteBehind<[UInt8]>? in
        if let last = record?.lastStep, step > last { record?.lastStep = step }
        return record?.events
      })
    else { return }
    let time = Date().timeIntervalSince1970
    try events.append(EventRecord.summary(time: time, step: step, values).bytes)
  }
}
