import Foundation
import GRDB
import Utils

/// A training as the data set's table of experiments keeps it.
public struct CaptionExperiment: Equatable, Sendable {
  /// What it is called, and which network was trained.
  public let name, architecture: String
  /// What the network was built from, and how it was trained.
  public let modelConfiguration, hyperparameters: JSONValue
  /// When it began.
  public let started: Date
  /// How pictures were fitted and boxes drawn.
  public var transform = FitStrategy.mirrorTile.rawValue, variant = OCRVariant.boundaries.rawValue
  /// Whether the network was told the font.
  public var usesFont = true
  /// The best macro F1 of the validation part and the accuracy of that epoch; nil where they are not known.
  public var bestF1, bestAccuracy: Double?
  /// Where its checkpoints lie.
  public var bestCheckpoint, finalCheckpoint: String?
  /// When it ended; nil of one that goes on or was interrupted.
  public var completed: Date?
  /// Its record for Weights & Biases; nil where there is none.
  public var wandbProject, wandbRun: String?
  /// The state of the source that it was trained with.
  public var gitCommit, gitBranch: String?

  /// A training that begins.
  public init(
    name: String, architecture: String, modelConfiguration: JSONValue, hyperparameters: JSONValue,
    started: Date
  ) {
    (self.name, self.architecture, self.started) = (name, architecture, started)
    (self.modelConfiguration, self.hyperparameters) = (modelConfiguration, hyperparameters)
  }
}

extension CaptionDataset {
  /// Adds a row for a training that begins, or takes the row of the one of this name that has not ended; throws a `LabError`
  /// where the file may not be written.
  ///
  /// - Parameter takingOver: whether it goes on with an interrupted one.
  /// - Returns: the row.
  public func begin(_ experiment: CaptionExperiment, takingOver: Bool) throws -> Int64 {
    let row = try write { database -> Int64 in
      let sql = "SELECT max(id) FROM experiments WHERE name = ? AND completed_at IS NULL"
      if takingOver, let row = try Int64.fetchOne(database, sql: sql, arguments: [experiment.name]) {
        return row
      }
      try database.execute(
        sql: """
          INSERT INTO experiments
            (name, dataset_id, architecture_name, model_config, hyperparameters, transform_strategy,
             ocr_visualization_variant, started_at)
          VALUES (?, (SELECT min(id) FROM training_datasets), ?, '{}', '{}', ?, ?, ?)
          """,
        arguments: [
          experiment.name, experiment.architecture, experiment.transform, experiment.variant,
          experiment.started,
        ])
      return database.lastInsertedRowID
    }
    try update(row, experiment)
    return row
  }

  /// Writes all of `experiment` but its beginning to `row`; throws a `LabError` where the file may not be written.
  public func update(_ row: Int64, _ experiment: CaptionExperiment) throws {
    try write { database in
      try database.execute(
        sql: """
          UPDATE experiments SET
            architecture_name = ?, model_config = ?, hyperparameters = ?, transform_strategy = ?,
            ocr_visualization_variant = ?, use_font_embedding = ?, fontclip_model_version = ?, best_val_f1 = ?,
            best_val_accuracy = ?, best_checkpoint_path = ?, final_checkpoint_path = ?, completed_at = ?,
            wandb_project = ?, wandb_run_id = ?, git_commit = ?, git_branch = ?
          WHERE id = ?
          """,
        arguments: [
          experiment.architecture, experiment.modelConfiguration.text(), experiment.hyperparameters.text(),
          experiment.transform, experiment.variant, experiment.usesFont,
          experiment.usesFont ? fontVersions.first : nil, experiment.bestF1, experiment.bestAccuracy,
          experiment.bestCheckpoint, experiment.finalCheckpoint, experiment.completed,
          experiment.wandbProject, experiment.wandbRun, experiment.gitCommit, experiment.gitBranch, row,
        ])
    }
  }

  private func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try SQLiteFile.translated(url) {
      var configuration = Configuration()
      configuration.busyMode = .timeout(10)
      configuration.foreignKeysEnabled = true
      let queue = try DatabaseQueue(path: url.path, configuration: configuration)
      let value = try queue.write(body)
      try queue.close()
      return value
    }
  }

  /// The rows of the table of experiments in their order.
  public func experiments() throws -> [CaptionExperiment] {
    try SQLiteFile.translated(url) {
      try queue.read { database in
        try Row.fetchAll(database, sql: "SELECT * FROM experiments ORDER BY id").map(CaptionExperiment.init)
      }
    }
  }
}

extension CaptionExperiment {
  fileprivate init(_ row: Row) {
    func json(_ column: String) -> JSONValue {
      row.value(column, as: String.self).flatMap { try? JSONValue(parsing: $0) } ?? .null
    }
    self.init(
      name: row.value("name") ?? "", architecture: row.value("architecture_name") ?? "",
      modelConfiguration: json("model_config"), hyperparameters: json("hyperparameters"),
      started: row.value("started_at") ?? .distantPast)
    transform = row.value("transform_strategy") ?? transform
    variant = row.value("ocr_visualization_variant") ?? variant
    usesFont = row.value("use_font_embedding") ?? usesFont
    (bestF1, bestAccuracy) = (row.value("best_val_f1"), row.value("best_val_accuracy"))
    (bestCheckpoint, finalCheckpoint) = (
      row.value("best_checkpoint_path"), row.value("final_checkpoint_path")
    )
    completed = row.value("completed_at")
    (wandbProject, wandbRun) = (row.value("wandb_project"), row.value("wandb_run_id"))
    (gitCommit, gitBranch) = (row.value("git_commit"), row.value("git_branch"))
  }
}
