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
  /// What a sweep file asks for, whose combinations are trained instead of every one; nil without a file.
  let search: SweepSearch?

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
    search = nil
  }

  /// A study of the combinations of `search`, shown by what it ranks them by.
  init(_ search: SweepSearch, seeds: Int, shown: [String]) {
    sweep = search.axes
    self.seeds = seeds
    let first = [search.objective?.metric].compactMap(\.self)
    self.shown = first + shown.filter { !first.contains($0) }
    metrics = []
    self.search = search
  }

  /// The combinations of values: those of the file in its order, or all, the last setting changing fastest.
  var combinations: [[String: String]] {
    search?.combinations
      ?? sweep.reduce([[:]]) { combinations, axis in
        combinations.flatMap { combination in
          axis.values.map { combination.merging([axis.key: $0]) { $1 } }
        }
      }
  }

  /// How many runs it has; `Int.max` for more than can be counted.
  var runCount: Int {
    if let search { return search.combinations.count * seeds }
    return sweep.reduce(seeds) { count, axis in
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: axis.values.count)
      return isTooLarge ? .max : product
    }
  }

  /// Two values of each setting and one seed: enough to see that all is well.
  var brief: Study {
    if let search { return Study(search.brief, seeds: 1, shown: shown) }
    return Study(
      sweep: sweep.map { ($0.key, Array($0.values.prefix(2))) }, seeds: 1, shown: shown, metrics: metrics)
  }
}

/// One run of a study that has ended.
public struct StudyCell: Equatable, Sendable {
  /// The swept settings and their values, as text.
  public let values: [String: String]
  /// The seed.
  public let seed: Int
  /// The run's six letters and digits.
  public let run: String
  /// Runs that were interrupted, and whose training this one has finished.
  public var earlier: [String] = []
  /// Why it has no result, such as a loss that became NaN; nil where all went well.
  public var failure: String?
  /// Why it was ended before its last epoch, because others did better; nil where it was not.
  public var stopped: String?
  /// What was measured when it had ended (`test_accuracy`), and in its last epoch alone where that was not (`train_loss`);
  /// finite numbers only.
  public let metrics: [String: Double]
  /// How many parameters the network has.
  public let parameters: Int
  /// How long it took; of a training that was interrupted, its last part.
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
