import Engine
import Foundation
import Tracking
import Utils

/// What a run saves on its way.
extension TrainingSession {
  /// Copies of everything that determines the rest of the training, and nothing else.
  func checkpointing(
    _ network: any Layer, _ rule: any TrainingRule, _ pretraining: Pretraining?, _ folder: RunFolder,
    _ stopping: EarlyStopping?, _ trackers: TrackerGroup
  ) throws -> Checkpointing {
    var fixed: [String: JSONValue] = [
      "model": .string(plan.catalog.folder), "architecture": .string(plan.architecture),
      "configuration": plan.configuration, "experiment": .string(experiment.name),
      "settings": plan.settings.json,
      "training": .string(experiment.training.name(plan.settings)),
      "seed": .integer(Int64(plan.settings.count("seed"))),
      "data": [
        "name": .string(plan.data.splits.train.name), "fingerprint": .string(plan.data.splits.fingerprint),
        "classes": .array(plan.data.splits.train.classNames.map(JSONValue.string)),
        "sample_shape": .array(plan.data.splits.train.sampleShape.map { .integer(Int64($0)) }),
        "preprocessing": plan.data.preprocessing.json,
        "multi_label": .bool(plan.data.splits.train.targets != nil),
        "fit": plan.data.splits.train.imageFit.map { .string($0.rule.rawValue) } ?? nil,
      ],
    ]
    let told = plan.data.configuration
    if !told.isEmpty {
      let network = ["architecture_name": fixed["architecture"], "model_config": fixed["configuration"]]
      fixed["config"] = .object(told.merging(network.compactMapValues(\.self)) { $1 })
    }
    fixed["pretrained"] = pretraining?.json ?? resumption?.checkpoint.lab["pretrained"]
    return Checkpointing(
      monitor: plan.monitor, last: folder.lastCheckpoint, best: folder.bestCheckpoint,
      rhythm: try options.checkpointRhythm, keepRecent: try options.recentCheckpoints,
      isWriting: !options.noSaveCheckpoint,
      canPause: { rule.canPause }, willWrite: trackers.flush
    ) { [fixed] place, metrics, best in
      var lab = fixed
      lab["position"] = place.json
      lab["metrics"] = metrics.json
      lab["best"] = best
      lab["early_stopping"] = stopping?.state ?? nil
      return Checkpoint(of: network, rule: rule, lab: lab)
    }
  }
}
