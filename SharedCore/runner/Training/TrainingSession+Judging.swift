import DataUtils
import Engine
import Foundation
import Tracking
import Utils

/// The end of a run: which weights are judged, by which thresholds, and which files hold them.
extension TrainingSession {
  /// What is said of the judged weights.
  struct Judged {
    /// A judgement for each part.
    let judgements: [Judgement]
    /// The thresholds that the validation part chose for them; nil where there are none.
    let thresholds: TunedThresholds?
    /// The state of the best epoch, where that one was judged.
    let best: Checkpoint?
  }

  /// Judges the best epoch's weights where the experiment says so and an epoch has ended, else the last ones: after an
  /// interruption, those of the last state that was whole. The network has the judged weights afterwards.
  func judge(_ network: any Layer, _ fit: FitReport, _ saving: Checkpointing?) throws -> Judged {
    if wasEnded(fit) { try saving?.kept?.load(into: network) }
    let best = experiment.judged == .best ? try saving?.bestState() : nil
    try best?.load(into: network)
    let metrics = best?.metrics ?? fit.history.last?.metrics ?? saving?.kept?.metrics ?? []
    let thresholds = TunedThresholds(among: metrics, classNames: plan.data.splits.train.classNames)
    return Judged(
      judgements: try plan.judgedParts.map { try Judgement(network, plan, on: $0, thresholds: thresholds) },
      thresholds: thresholds, best: best)
  }

  /// Which epoch was the best and what it reached, where epochs are compared by F1 of samples with one class each.
  func bestEpoch(_ judged: Judged) -> [(name: String, value: Double)] {
    guard plan.countsF1, plan.data.splits.train.targets == nil, let best = judged.best,
      let epoch = best.lab["best"]?["epoch"]?.double
    else { return [] }
    let reached = ["val_f1_macro", "val_f1_weighted", "val_accuracy"].compactMap { name in
      best.metrics[name].map { (name: "best_\(name)", value: $0) }
    }
    return [("best_epoch", epoch)] + reached
  }

  /// Tells the trackers of both checkpoints; the SHA-256 of the one that holds the judged weights.
  func keep(_ folder: RunFolder, _ trackers: TrackerGroup, judgedBest: Bool) throws -> String {
    let files = [folder.lastCheckpoint, folder.bestCheckpoint]
    let sums = try files.map { try SHA256.hex(ofFileAt: $0) }
    for (url, sum) in zip(files, sums) {
      trackers.artifact(Artifact(url: url, kind: "checkpoint", sha256: sum))
    }
    return sums[judgedBest ? 1 : 0]
  }
}
