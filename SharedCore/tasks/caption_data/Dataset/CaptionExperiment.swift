import Foundation
import GRDB
import Utils

/// A training as the data set's table of experiments keeps it.
public struct CaptionExperiment: Sendable {
  /// What it is called, and which network was trained.
  public let name, architecture: String
  /// What the network was built from, and how it was trained.
  public let modelConfiguration, hyperparameters: JSONValue
  /// How pictures were fitted and boxes drawn.
  public let transform, variant: String
  /// The best macro F1 of the validation part and the accuracy of that epoch; nil where they are not known.
  public let bestF1, bestAccuracy: Double?
  /// Where its checkpoints lie.
  public let bestCheckpoint, finalCheckpoint: String?
  /// When it began.
  public let started: Date
  /// The state of the source that it was trained with.
  public let gitCommit, gitBranch: String?

  /// A training that has ended.
  public init(
    name: String, architecture: String, modelConfiguration: JSONValue, hyperparameters: JSONValue,
    transform: String, variant: String, bestF1: Double?, bestAccuracy: Double?, bestCheckpoint: String?,
    finalCheckpoint: String?, started: Date, gitCommit: String?, gitBranch: String?
  ) {
    (self.name, self.architecture) = (name, architecture)
    (self.modelConfiguration, self.hyperparameters) = (modelConfiguration, hyperparameters)
    (self.transform, self.variant, self.bestF1, self.bestAccuracy) = (
      transform, variant, bestF1, bestAccuracy
    )
    (self.bestCheckpoint, self.finalCheckpoint, self.started) = (bestCheckpoint, finalCheckpoint, started)
    (self.gitCommit, self.gitBranch) = (gitCommit, gitBranch)
  }
}

extension CaptionDataset {
  /// Adds a row to the table of experiments; throws a `LabError` where the file may not be written.
  public func record(_ experiment: CaptionExperiment) throws {
    try SQLiteFile.translated(url) {
      var configuration = Configuration()
      configuration.busyMode = .timeout(10)
      let queue = try DatabaseQueue(path: url.path, configuration: configuration)
      try queue.write { database in
        try database.execute(
          sql: """
            INSERT INTO experiments
              (name, dataset_id, architecture_name, model_config, hyperparameters, transform_strategy,
               ocr_visualization_variant, fontclip_model_version, best_val_f1, best_val_accuracy,
               best_checkpoint_path, final_checkpoint_path, started_at, completed_at, git_commit, git_branch)
            VALUES (?, (SELECT min(id) FROM training_datasets), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CURRENT_TIMESTAMP, ?, ?)
            """,
          arguments: [
            experiment.name, experiment.architecture, experiment.modelConfiguration.text(),
            experiment.hyperparameters.text(), experiment.transform, experiment.variant, fontVersions.first,
            experiment.bestF1, experiment.bestAccuracy, experiment.bestCheckpoint, experiment.finalCheckpoint,
            experiment.started, experiment.gitCommit, experiment.gitBranch,
          ])
      }
      try queue.close()
    }
  }

  /// The rows of the table of experiments in their order: names, networks and what they reached.
  public func experiments() throws -> [(name: String, architecture: String, bestF1: Double?)] {
    try SQLiteFile.translated(url) {
      try queue.read { database in
        try Row.fetchAll(
          database, sql: "SELECT name, architecture_name, best_val_f1 FROM experiments ORDER BY id"
        ).map { (name: $0["name"], architecture: $0["architecture_name"], bestF1: $0["best_val_f1"]) }
      }
    }
  }
}
