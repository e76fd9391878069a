import Foundation
import Tracking

/// What a run that goes on with another takes over from the command of that one.
extension TrainOptions {
  /// What the run in `folder` was told, by its command.txt; nil where that is missing or of another program.
  init?(ofRunIn folder: RunFolder) {
    guard let text = try? String(contentsOf: folder.command, encoding: .utf8) else { return nil }
    let words = shellWords(text)
    guard words.starts(with: ["swift", "run", "train"]), let told = try? Self.parse(Array(words.dropFirst(3)))
    else { return nil }
    self = told
  }

  /// Takes from `told` how often the state is saved, where the run is recorded and what it is found by, as far as nothing is
  /// said here; the flags that it took.
  mutating func inherit(_ told: TrainOptions) -> [String] {
    var flags: [String] = []
    func take(_ flag: String, _ value: WritableKeyPath<TrainOptions, String?>) {
      guard self[keyPath: value] == nil, let text = told[keyPath: value] else { return }
      self[keyPath: value] = text
      flags += [flag, text]
    }
    func take(_ flag: String, _ isGiven: WritableKeyPath<TrainOptions, Bool>) {
      guard !self[keyPath: isGiven], told[keyPath: isGiven] else { return }
      self[keyPath: isGiven] = true
      flags.append(flag)
    }
    take("--checkpoint-every", \.checkpointEvery)
    take("--keep-checkpoints", \.keepCheckpoints)
    take("--wandb-project", \.tracking.wandbProject)
    take("--wandb-name", \.tracking.wandbName)
    take("--wandb-tags", \.tracking.wandbTags)
    take("--wandb-group", \.tracking.wandbGroup)
    take("--mlflow", \.tracking.mlflow)
    take("--no-wandb", \.tracking.noWandb)
    take("--tensorboard", \.tracking.tensorboard)
    take("--visualize", \.visualize)
    if tags.isEmpty, !told.tags.isEmpty {
      tags = told.tags
      flags += tags.flatMap { ["--tags", $0] }
    }
    return flags
  }
}
