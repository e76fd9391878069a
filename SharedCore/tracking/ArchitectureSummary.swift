import Foundation
import GRDB

/// One architecture's finished runs of an experiment, by one figure.
public struct ArchitectureSummary: Equatable, Sendable {
  /// The model package and the network.
  public let model, architecture: String
  /// How many runs report the figure.
  public let runs: Int
  /// Their mean.
  public let mean: Double
  /// Their standard deviation, with one run less than there are below the fraction; nil of a single run.
  public let deviation: Double?
  /// The best of them.
  public let best: Double
}

extension ExperimentDatabase {
  /// The finished runs of `experiment` by architecture, the best mean first, and the figure's whole name.
  ///
  /// A bare name means what it means to `best(of:by:)`, which also says what is thrown when nothing is found.
  public func architectures(of experiment: String, by metric: String) throws
    -> (metric: String, rows: [ArchitectureSummary])
  {
    let best = try best(of: experiment, by: metric)
    let rows = try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT model, architecture, COUNT(value) AS runs, AVG(value) AS mean,
            AVG(value * value) - AVG(value) * AVG(value) AS variance, MIN(value) AS low, MAX(value) AS high
          FROM summaries JOIN runs ON runs.id = summaries.run
          WHERE experiment = ? AND status = 'finished' AND name = ? AND value IS NOT NULL
          GROUP BY model, architecture ORDER BY mean \(best.direction == .higher ? "DESC" : "ASC"), model, architecture
          """, arguments: [experiment, best.metric])
    }
    return (
      best.metric,
      rows.map { row in
        let (count, variance): (Int, Double) = (row["runs"], row["variance"])
        return ArchitectureSummary(
          model: row["model"], architecture: row["architecture"], runs: count, mean: row["mean"],
          deviation: count > 1 ? (max(variance, 0) * Double(count) / Double(count - 1)).squareRoot() : nil,
          best: best.direction == .higher ? row["high"] : row["low"])
      }
    )
  }
}
