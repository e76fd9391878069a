import Foundation
import Synchronization
import Utils

/// Something that records a run: files, the experiment database, a service.
///
/// The hooks come in this order: `runStarts` once, then `log` and `artifact` in any order, then `runEnds` once. They
/// are called on the training's own thread, so `log` must not wait for a disk or a network.
public protocol Tracker: Sendable {
  /// The name that warnings use: "database".
  var name: String { get }

  /// The run begins; `folder` is where it keeps its files.
  func runStarts(_ run: RunDescription, in folder: RunFolder) throws

  /// Metrics at a step, in the order a reader wants them: `[("train_loss", 0.69), ("train_accuracy", 0.5)]`.
  ///
  /// `step` counts updates from the start of the training and `epoch` passes over the data; both go on when a run is
  /// resumed. An error may be that of an earlier call.
  func log(_ metrics: [(name: String, value: Double)], step: Int, epoch: Int) throws

  /// Whether it has a use for histograms: nobody counts them for those that have none.
  var takesHistograms: Bool { get }

  /// How weights and gradients are spread at a step.
  func histograms(_ histograms: [Histogram], step: Int, epoch: Int) throws

  /// The run made a file.
  func artifact(_ artifact: Artifact) throws

  /// The process may be killed from here on: what a run that goes on with this one reads is handed to the system.
  func flush() throws

  /// The run ended; everything logged is on its way to the disk when this returns.
  func runEnds(_ outcome: RunOutcome) throws
}

extension Tracker {
  /// False.
  public var takesHistograms: Bool { false }
  /// Passes them over.
  public func histograms(_ histograms: [Histogram], step: Int, epoch: Int) throws {}
  /// Does nothing: no run reads it when it goes on.
  public func flush() throws {}
}

/// Several trackers as one that never fails: a tracker's first error becomes a warning, and training goes on.
///
/// Trackers that failed are still called, without further warnings, for a disk may have room again.
public final class TrackerGroup: Sendable {
  private let trackers: [any Tracker]
  private let failed = Mutex<Set<Int>>([])
  private let warn: @Sendable (String) -> Void

  /// A group of `trackers` that says a failure once for each of them through `warn`.
  public init(_ trackers: [any Tracker], warn: @escaping @Sendable (String) -> Void) {
    (self.trackers, self.warn) = (trackers, warn)
  }

  /// Tells every tracker that the run begins.
  public func runStarts(_ run: RunDescription, in folder: RunFolder) {
    each { try $0.runStarts(run, in: folder) }
  }

  /// Hands every tracker the metrics of a step.
  public func log(_ metrics: [(name: String, value: Double)], step: Int, epoch: Int) {
    each { try $0.log(metrics, step: step, epoch: epoch) }
  }

  /// Whether any of them has a use for histograms.
  public var takesHistograms: Bool { trackers.contains { $0.takesHistograms } }

  /// Hands every tracker the histograms of a step.
  public func histograms(_ histograms: [Histogram], step: Int, epoch: Int) {
    each { try $0.histograms(histograms, step: step, epoch: epoch) }
  }

  /// Tells every tracker of a file the run made.
  public func artifact(_ artifact: Artifact) {
    each { try $0.artifact(artifact) }
  }

  /// Has every tracker write what a run that goes on will read.
  public func flush() { each { try $0.flush() } }

  /// Tells every tracker that the run ended.
  public func runEnds(_ outcome: RunOutcome) {
    each { try $0.runEnds(outcome) }
  }

  private func each(_ hook: (any Tracker) throws -> Void) {
    for (index, tracker) in trackers.enumerated() {
      do {
        try hook(tracker)
      } catch {
        guard failed.withLock({ $0.insert(index).inserted }) else { continue }
        warn("The \(tracker.name) record of this run may be incomplete: \(error)")
      }
    }
  }
}
