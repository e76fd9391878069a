import Foundation
import GRDB
import Utils

/// Which way a metric is better.
public enum MetricDirection: String, Sendable {
  /// Larger is better: accuracy, F1, area under a curve.
  case higher
  /// Smaller is better: losses and errors.
  case lower

  /// The direction of a metric, told from the words of its name: `val_loss`, `test_mae`, `error_rate` are better lower.
  ///
  /// Lower: a name that has one of the words loss, error, errors, mistakes, perplexity, mse, rmse, mae, nll, bpc, wer,
  /// cer, fid, ece, brier, distance, seconds, memory. Every other name is better higher.
  public init(of metric: String) {
    let words = metric.lowercased().split { $0 == "_" || $0 == "-" || $0 == "." || $0 == "/" || $0 == " " }
    self = words.contains { MetricDirection.lowerWords.contains(String($0)) } ? .lower : .higher
  }

  private static let lowerWords: Set<String> = [
    "loss", "error", "errors", "mistakes", "perplexity", "mse", "rmse", "mae", "nll", "bpc", "wer", "cer",
    "fid",
    "ece", "brier", "distance", "seconds", "memory",
  ]
}

/// The best run of an experiment by one figure.
public struct BestRun: Equatable, Sendable {
  /// The run.
  public let run: RunRecord
  /// The figure's whole name: `test_accuracy`.
  public let metric: String
  /// Its value in that run.
  public let value: Double
  /// Which way it was compared.
  public let direction: MetricDirection
}

extension ExperimentDatabase {
  /// The finished run of `experiment` with the best value of `metric` in its summary; of equal ones, the first made.
  ///
  /// A bare name also means the same figure of a part, in the order test, val, all, train: `accuracy` finds
  /// `test_accuracy`. NaN never wins. Throws a `LabError` that lists the known names when nothing is found.
  public func best(of experiment: String, by metric: String) throws -> BestRun {
    let direction = MetricDirection(of: metric)
    return try read { database in
      for name in [metric] + ["test", "val", "all", "train"].map({ "\($0)_\(metric)" }) {
        let row = try Row.fetchOne(
          database,
          sql: """
            SELECT summaries.run, summaries.value FROM summaries JOIN runs ON runs.id = summaries.run
            WHERE runs.experiment = ? AND runs.status = 'finished' AND summaries.name = ?
              AND summaries.value IS NOT NULL
            ORDER BY summaries.value \(direction == .higher ? "DESC" : "ASC"), runs.started LIMIT 1
            """, arguments: [experiment, name])
        guard let row else { continue }
        let run = try record(row["run"], database)
        return BestRun(run: run, metric: name, value: row["value"], direction: direction)
      }
      throw try nothingFound(experiment, metric, database)
    }
  }

  private func nothingFound(_ experiment: String, _ metric: String, _ database: Database) throws -> LabError {
    let names = try String.fetchAll(
      database,
      sql: """
        SELECT DISTINCT name FROM summaries JOIN runs ON runs.id = run
        WHERE experiment = ? AND status = 'finished' ORDER BY name
        """, arguments: [experiment])
    if !names.isEmpty {
      return LabError(
        .usage, "no finished run of \(experiment.quoted) reports \(metric.quoted)",
        remedy: "use one of \(names.joined(separator: ", "))")
    }
    let experiments = try String.fetchAll(
      database, sql: "SELECT DISTINCT experiment FROM runs WHERE status = 'finished' ORDER BY experiment")
    let nearest = nearestName(to: experiment, in: experiments).map { "did you mean \($0)?" }
    return LabError(
      .usage, "no run of \(experiment.quoted) has finished",
      remedy: nearest
        ?? (experiments.isEmpty ? "train first" : "use one of \(experiments.joined(separator: ", "))"))
  }
}
