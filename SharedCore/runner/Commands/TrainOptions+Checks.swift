import Utils

/// What is refused before anything is loaded or written.
extension TrainOptions {
  /// Throws a usage error for a value that its flag does not take, and for flags that contradict each other.
  func check() throws {
    try refuseEmptyValues()
    try refuseContradictions()
    _ = try (checkpointRhythm, recentCheckpoints, explanations, jobCount)
    _ = try (common.prefetch(), common.threadLimit(), tracking.trackers())
  }

  /// How many of the first updates are explained.
  var explanations: Int {
    get throws {
      guard let text = explained else { return 0 }
      guard let count = Int(text), (1...1000).contains(count) else {
        throw LabError(
          .usage, "--explain \(text) is no number of updates", remedy: "give a whole number from 1 to 1000")
      }
      return count
    }
  }

  private func refuseEmptyValues() throws {
    let values = [
      ("--experiment", experiment), ("--config", config), ("--load-checkpoint", loadCheckpoint),
      ("--pretrained", pretrained), ("--resume", resume), ("--output-dir", outputDir),
      ("--data-root", common.dataRoot), ("--wandb-project", tracking.wandbProject),
      ("--wandb-name", tracking.wandbName), ("--wandb-group", tracking.wandbGroup),
    ]
    if let (flag, _) = values.first(where: { $0.1?.isEmpty == true }) {
      throw LabError(.usage, "\(flag) is empty", remedy: "give it a value, or leave it out")
    }
  }

  private func refuseContradictions() throws {
    let given = [
      "--checkpoint-every": checkpointEvery != nil, "--keep-checkpoints": keepCheckpoints != nil,
      "--wandb-project": tracking.wandbProject != nil, "--wandb-name": tracking.wandbName != nil,
      "--wandb-tags": tracking.wandbTags != nil, "--wandb-group": tracking.wandbGroup != nil,
      "--detect-anomaly": detectAnomaly,
    ]
    let rules = [
      ("--no-save-checkpoint", noSaveCheckpoint, ["--checkpoint-every", "--keep-checkpoints"], ""),
      (
        "--no-wandb", tracking.noWandb, ["--wandb-project", "--wandb-name", "--wandb-tags", "--wandb-group"],
        ""
      ),
      ("--profile", profile, ["--detect-anomaly"], ": the search would be measured too"),
    ]
    for (flag, isGiven, others, reason) in rules where isGiven {
      guard let other = others.first(where: { given[$0] == true }) else { continue }
      throw LabError(.usage, "\(flag) and \(other) exclude each other\(reason)", remedy: "give one of them")
    }
  }
}
