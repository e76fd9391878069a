import ArgumentParser
import Foundation
import Tracking
import Utils

/// Flags of `train` that say where a run is recorded beside its own folder and the database.
struct TrackingOptions: ParsableArguments {
  @Flag(help: "Write no record for Weights & Biases.")
  var noWandb = false

  @Option(
    help: ArgumentHelp("The W&B project (default: $WANDB_PROJECT, else the model's name).", valueName: "name")
  )
  var wandbProject: String?

  @Option(
    help: ArgumentHelp(
      "What the run is called in W&B (default: $WANDB_NAME, else its experiment and id).", valueName: "name"))
  var wandbName: String?

  @Option(
    help: ArgumentHelp("Its tags in W&B (default: $WANDB_TAGS, else those of --tags).", valueName: "a,b"))
  var wandbTags: String?

  @Option(
    help: ArgumentHelp(
      "The group of runs it belongs to (default: $WANDB_RUN_GROUP, else its study).", valueName: "name"))
  var wandbGroup: String?

  @Flag(help: "Write an event file for TensorBoard, with histograms of weights and gradients.")
  var tensorboard = false

  @Option(
    help: ArgumentHelp(
      "Tell an MLflow server, which need not be there: lab mlflow push sends what it missed.",
      valueName: "address"))
  var mlflow: String?

  /// The group of a run that belongs to a study and to no other group.
  var study: String?

  enum CodingKeys: String, CodingKey {
    case noWandb, wandbProject, wandbName, wandbTags, wandbGroup, tensorboard, mlflow
  }

  /// Who records the run, as the flags and `environment` say.
  func trackers(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> [any Tracker] {
    var trackers: [any Tracker] = []
    if let settings = try wandb(environment) { trackers.append(WandBTracker(settings)) }
    if tensorboard { trackers.append(TensorBoardTracker()) }
    if let mlflow { trackers.append(try MLflowTracker(server: mlflow, environment: environment)) }
    return trackers
  }

  /// The settings for W&B: flags win over its environment variables; nil when one of them turns it off.
  func wandb(_ environment: [String: String]) throws -> WandBSettings? {
    guard !noWandb, var settings = try WandBSettings(environment: environment) else { return nil }
    settings.project = wandbProject ?? settings.project
    settings.name = wandbName ?? settings.name
    settings.tags = wandbTags.map(WandBSettings.words) ?? settings.tags
    settings.group = wandbGroup ?? settings.group ?? study
    try settings.check()
    return settings
  }
}
