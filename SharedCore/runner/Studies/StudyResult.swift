import Tracking
import Utils

/// What the runs of a study say together: tables, and the metrics that its band speaks of.
struct StudyResult {
  let plan: StudyPlan
  let cells: [StudyCell]
  /// The study's own metrics.
  let metrics: [(name: String, value: Double)]

  init(_ plan: StudyPlan, cells: [StudyCell]) {
    self.plan = plan
    self.cells = cells
    metrics = plan.study.metrics.compactMap { metric in metric.compute(cells).map { (metric.name, $0) } }
  }

  private var experiment: Experiment { plan.experiment }

  /// The runs of one combination of values.
  struct Row {
    let label: String
    let cells: [StudyCell]

    /// A metric over the seeds; nil where no run has it.
    func statistics(_ metric: String) -> Statistics? { Statistics(cells.compactMap { $0.metrics[metric] }) }
  }

  /// What the runs are ranked by; nil where they are not.
  private var objective: Objective? { plan.study.search?.objective }

  /// A row for each combination, the best first where they are ranked, else in the order of the sweep.
  var rows: [Row] {
    let rows = plan.study.combinations.map { values in
      Row(label: plan.label(values), cells: cells.filter { $0.values == values })
    }
    guard let objective else { return rows }
    return objective.ranked(rows.filter { !$0.cells.isEmpty }) { $0.statistics(objective.metric)?.mean }
  }

  /// The runs, the best first where they are ranked.
  var ranked: [StudyCell] {
    objective.map { objective in objective.ranked(cells) { $0.metrics[objective.metric] } } ?? cells
  }

  /// The metrics that the runs are compared by, as far as there is a run that has them; no loss where the combinations
  /// lower different ones.
  var shown: [String] {
    let losses = Set(plan.study.combinations.map { (try? plan.settings(of: $0))?.json["loss"]?.string })
    return plan.study.shown.filter { name in
      cells.contains { $0.metrics[name] != nil } && (losses.count == 1 || !name.hasSuffix("_loss"))
    }
  }

  // MARK: - Tables

  /// The tables of the report and the console: results, what the combinations differ in, and runs without a result.
  var tables: [RunReport.Table] {
    [resultTable] + [recipeTable, stoppedTable, failureTable].compactMap(\.self)
  }

  /// A line for each combination: mean and deviation, and the metrics of the study that speak of one combination alone.
  private var resultTable: RunReport.Table {
    let rows = rows
    let ranks = objective != nil
    let own =
      rows.count < 2
      ? [] : plan.study.metrics.filter { metric in rows.contains { metric.compute($0.cells) != nil } }
    let isRepeated = plan.study.seeds > 1
    let head =
      (ranks ? ["rank"] : []) + ["settings"] + shown.flatMap { isRepeated ? [$0, "least to most"] : [$0] }
      + own.map(\.name)
      + ["runs", "parameters", "seconds a run"]
    let body = rows.enumerated().map { place, row in
      let numbers = shown.flatMap { name -> [String] in
        guard let s = row.statistics(name) else { return isRepeated ? ["-", "-"] : ["-"] }
        return isRepeated
          ? ["\(figure(s.mean)) ± \(figure(s.deviation))", "\(figure(s.least)) to \(figure(s.most))"]
          : [figure(s.mean)]
      }
      return (ranks ? ["\(place + 1)"] : []) + [row.label] + numbers
        + own.map { $0.compute(row.cells).map(figure) ?? "-" }
        + [
          "\(row.cells.count)", row.cells.map(\.parameters).max().map { "\($0)" } ?? "-",
          Statistics(row.cells.map(\.seconds)).map { compact($0.mean) } ?? "-",
        ]
    }
    let title = isRepeated ? "Runs, mean ± standard deviation over \(plan.study.seeds) seeds" : "Runs"
    return RunReport.Table(title: title, head: head, rows: body)
  }

  /// The settings in which the combinations differ, where presets change more than what was swept: what was recipe.
  private var recipeTable: RunReport.Table? {
    let combinations = plan.study.combinations
    let merged = combinations.compactMap { try? plan.settings(of: $0) }
    guard merged.count == combinations.count, (2...6).contains(merged.count) else { return nil }
    let rows = merged[0].all.indices.compactMap { place -> [String]? in
      let values = merged.map { $0.all[place].value }
      guard values.contains(where: { $0 != values[0] }) else { return nil }
      return [merged[0].all[place].key] + values.map { $0 == nil ? "none" : $0.string ?? $0.text() }
    }
    guard rows.count > plan.study.sweep.count else { return nil }
    return RunReport.Table(
      title: "What the recipes differ in", head: ["setting"] + combinations.map(plan.label), rows: rows)
  }

  /// Runs that were ended before their last epoch.
  private var stoppedTable: RunReport.Table? {
    let stopped = cells.compactMap { cell in cell.stopped.map { [cell.label, cell.run, $0] } }
    return stopped.isEmpty
      ? nil
      : RunReport.Table(
        title: "Runs that were ended early", head: ["settings", "run", "because"], rows: stopped)
  }

  private var failureTable: RunReport.Table? {
    let failed = cells.compactMap { cell in cell.failure.map { [cell.label, cell.run, $0] } }
    return failed.isEmpty
      ? nil
      : RunReport.Table(
        title: "Runs without a result, which no mean counts", head: ["settings", "run", "because"],
        rows: failed)
  }

  /// runs.csv: a line for each run with everything that was measured, the best first where they are ranked.
  var runsTable: String {
    let names = Set(cells.flatMap(\.metrics.keys)).sorted()
    let keys = plan.study.sweep.map(\.key).filter { $0 != "seed" }
    let ranks = objective != nil
    let head =
      (ranks ? ["rank"] : []) + keys + ["seed", "run", "parameters", "seconds", "stopped", "failure"] + names
    let lines = ranked.enumerated().map { place, cell in
      (ranks ? ["\(place + 1)"] : []) + keys.map { cell.values[$0] ?? "" }
        + ["\(cell.seed)", cell.run, "\(cell.parameters)", "\(cell.seconds)"]
        + [cell.stopped, cell.failure].map { $0 ?? "" }
        + names.map { cell.metrics[$0].map { "\($0)" } ?? "" }
    }
    return csvText([head] + lines)
  }

  // MARK: - Verdict

  /// The metric that the band speaks of: that of the best run where they are ranked, the study's own, or the mean over all.
  var judged: Double? {
    let name = experiment.band.metric
    if objective != nil { return ranked.first?.metrics["\(experiment.band.part.rawValue)_\(name)"] }
    return metrics.first { $0.name == name }?.value
      ?? StudyMetric.mean("\(experiment.band.part.rawValue)_\(name)", in: cells, where: [:])
  }

  /// The result against its band.
  var runResult: RunResult {
    let reached = judged.map { [experiment.band.metric: $0] } ?? [:]
    return RunResult(
      experiment: experiment.name, split: experiment.band.part.rawValue, count: cells.count,
      metrics: Dictionary(metrics) { first, _ in first }.merging(reached) { $1 },
      band: .string(experiment.band.text), published: experiment.published.map(JSONValue.string) ?? nil,
      isWithinBand: judged.map(experiment.band.range.contains))
  }

  /// A longer table stands in the report and in runs.csv.
  private static let mostLines = 40

  /// What a person reads at the end.
  var lines: [String] {
    let tables = tables.flatMap { table in
      ["", table.title]
        + aligned([table.head] + table.rows.prefix(Self.mostLines)).split(separator: "\n").map(String.init)
        + (table.rows.count > Self.mostLines ? ["and \(table.rows.count - Self.mostLines) more"] : [])
    }
    let best = ranked.first.map { ["best", Terminal.bold($0.label) + ", run \($0.run)"] }
    let ending =
      (objective == nil ? [] : [best].compactMap(\.self))
      + metrics.map { ["result", Terminal.bold("\($0.name) \(figure($0.value))")] }
      + verdict(experiment, judged)
    return tables + [""] + aligned(ending).split(separator: "\n").map(String.init)
  }
}

/// Mean, sample standard deviation (0 of one value), least and most of some numbers.
struct Statistics {
  let mean, deviation, least, most: Double

  /// Nil without numbers.
  init?(_ values: [Double]) {
    guard let least = values.min(), let most = values.max() else { return nil }
    (self.least, self.most) = (least, most)
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    deviation = values.count < 2 ? 0 : (squares / Double(values.count - 1)).squareRoot()
  }
}
