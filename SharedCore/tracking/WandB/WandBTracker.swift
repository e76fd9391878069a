import Foundation
import Synchronization
import Utils

/// The record for Weights & Biases: an offline run in the run's folder, which `wandb sync` uploads.
public final class WandBTracker: Tracker {
  private let settings: WandBSettings
  private let run = Mutex<WandBRun?>(nil)

  /// A tracker of a run that shall appear as `settings` say.
  public init(_ settings: WandBSettings) { self.settings = settings }

  /// "W&B", as in "the W&B record".
  public var name: String { "W&B" }

  /// Makes the offline run and enters its settings and its machine.
  public func runStarts(_ run: RunDescription, in folder: RunFolder) throws {
    let begun = try WandBRun(settings, run, folder)
    self.run.withLock { $0 = begun }
    try begun.describe()
  }

  /// Takes the metrics of a step; the log has them a second after a later step began.
  public func log(_ metrics: [(name: String, value: Double)], step: Int, epoch: Int) throws {
    try run.withLock { try $0?.log(metrics, step: step, epoch: epoch) }
  }

  /// Takes a picture into the newest row, and the final checkpoint as a model artifact.
  public func artifact(_ artifact: Artifact) throws {
    try run.withLock { try $0?.take(artifact) }
  }

  /// Enters the newest row, the summary, what the console said and how the run ended.
  public func runEnds(_ outcome: RunOutcome) throws { try run.withLock { try $0?.end(outcome) } }
}
