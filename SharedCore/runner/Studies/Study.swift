import Utils

/// An experiment that trains the same row many times: over values of some settings, and over seeds.
public struct Study: Sendable {
  /// The settings that are swept, with their values as they would be typed; every combination is trained.
  public let sweep: [(key: String, values: [String])]
  /// How many seeds each combination is trained with: the run's seed and those after it.
  public let seeds: Int
  /// What the runs are compared by: metrics of a finished run, such as `test_accuracy`; the first is drawn largest.
  public let shown: [String]
  /// What follows from all runs together; the experiment's band may speak of it.
  public let metrics: [StudyMetric]

  /// A study of every combination of `sweep` with `seeds` seeds each.
  public init(
    sweep: [(key: String, values: [String])], seeds: Int = 1, shown: [String],
    metrics: [StudyMetric] = []
  ) {
    require(seeds >= 1, "a study of \(seeds) seeds")
    self.sweep = sweep
    self.seeds = seeds
    self.shown = shown
    self.metrics = metrics
  }

  /// The combinations of values, the last setting changing fastest.
  var combinations: [[String: String]] {
    sweep.reduce([[:]]) { combinations, axis in
      combinations.flatMap { combination in
        axis.values.map { combination.merging([axis.key: $0]) { $1 } }
      }
    }
  }

  /// How many runs it has.
  var runCount: Int { sweep.reduce(seeds) { $0 * $1.values.count } }

  /// Two values of each setting and one seed: enough to see that all is well.
  var brief: Study {
    Study(
      sweep: sweep.map { ($0.key, Array($0.values.prefix(2))) }, seeds: 1, shown: shown, metrics: metrics)
  }
}

/// One finished run of a study.
public struct StudyCell: Equatable, Sendable {
  /// The swept settings and their values, as text.
  public let values: [String: String]
  /// The seed.
  public let seed: Int
  /// The run's six letters and digits.
  public let run: String
  /// Everything that was measured when it had ended: `test_accuracy`, `train_loss`.
  public let metrics: [String: Double]
  /// How long it took.
  public let seconds: Double
}

/// A number that follows from all runs of a study.
public struct StudyMetric: Sendable {
  /// The name that a band uses.
  public let name: String
  let compute: @Sendable ([StudyCell]) -> Double?

  /// A metric of one's own; nil where the runs do not tell.
  public init(_ name: String, _ compute: @escaping @Sendable ([StudyCell]) -> Double?) {
    self.name = name
    self.compute = compute
  }

  /// The share of the runs whose `metric` is at least `bound`.
  public static func successRate(_ metric: String, atLeast bound: Double) -> StudyMetric {
    StudyMetric("success_rate") { cells in
      cells.isEmpty
        ? nil : Double(cells.count { ($0.metrics[metric] ?? -.infinity) >= bound }) / Double(cells.count)
    }
  }

  /// The mean of `metric` over the runs whose settings have these values, minus the mean over some others.
  public static func difference(
    _ name: String, of metric: String, _ first: [String: String], minus second: [String: String]
  ) -> StudyMetric {
    StudyMetric(name) { cells in
      guard let a = mean(metric, in: cells, where: first), let b = mean(metric, in: cells, where: second)
      else {
        return nil
      }
      return a - b
    }
  }

  /// The mean of `metric` over the runs whose settings have these values; nil when there is none.
  public static func mean(_ metric: String, in cells: [StudyCell], where values: [String: String]) -> Double?
  {
    let chosen = cells.filter { cell in values.allSatisfy { cell.values[$0.key] == $0.value } }.compactMap {
      $0.metrics[metric]
    }
    return chosen.isEmpty ? nil : chosen.reduce(0, +) / Double(chosen.count)
  }
}
