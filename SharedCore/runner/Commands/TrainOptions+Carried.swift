import Utils

/// What the command that goes on with a run has to repeat: everything that its checkpoint does not know.
extension TrainOptions {
  /// Flags with their values: where the run is found and recorded, how often it is saved, with how many threads.
  var carriedFlags: [String] {
    let values: [(String, String?)] = [
      ("--output-dir", outputDir), ("--data-root", common.dataRoot), ("--threads", common.threads),
      ("--prefetch-threads", common.prefetchThreads), ("--checkpoint-every", checkpointEvery),
      ("--keep-checkpoints", keepCheckpoints), ("--wandb-project", tracking.wandbProject),
      ("--wandb-name", tracking.wandbName), ("--wandb-tags", tracking.wandbTags),
      ("--wandb-group", tracking.wandbGroup), ("--mlflow", tracking.mlflow.map(hidingPasswords)),
    ]
    let flags = [
      ("--visualize", visualize), ("--tensorboard", tracking.tensorboard), ("--no-wandb", tracking.noWandb),
    ]
    return values.flatMap { name, value in value.map { [name, $0] } ?? [] }
      + tags.flatMap { ["--tags", $0] } + flags.filter(\.1).map(\.0)
  }
}
