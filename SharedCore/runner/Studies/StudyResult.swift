import DataUtils
import Foundation
import Plotting
import Tracking
import Utils

/// What the runs of a study say together: tables, pictures, and the metrics that its band speaks of.
struct StudyResult {
  let experiment: Experiment
  let study: Study
  let cells: [StudyCell]
  /// The study's own metrics.
  let metrics: [(name: String, value: Double)]

  init(_ experiment: Experiment, _ study: Study, cells: [StudyCell]) {
    self.experiment = experiment
    self.study = study
    self.cells = cells
    metrics = study.metrics.compactMap { metric in metric.compute(cells).map { (metric.name, $0) } }
  }

  /// The runs of one combination of values.
  struct Row {
    let label: String
    let cells: [StudyCell]

    /// Mean and sample standard deviation (0 of one value) of a metric over the seeds; nil where no run has it.
    func statistics(_ metric: String) -> (mean: Double, deviation: Double, least: Double, most: Double)? {
      let values = cells.compactMap { $0.metrics[metric] }
      guard let least = values.min(), let most = values.max() else { return nil }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (mean, values.count < 2 ? 0 : (squares / Double(values.count - 1)).squareRoot(), least, most)
    }
  }

  /// A row for each combination, in the order of the sweep.
  var rows: [Row] {
    study.combinations.map { values in
      let own = cells.filter { $0.values == values }
      return Row(label: label(values), cells: own)
    }
  }

  private func label(_ values: [String: String]) -> String {
    let words = study.sweep.map { "\($0.key)=\(values[$0.key] ?? "")" }
    return words.isEmpty ? "as it is" : words.joined(separator: " ")
  }

  /// The tables of the report and the console: results, and what the combinations differ in beside the swept values.
  var tables: [RunReport.Table] {
    let shown = study.shown.filter { name in cells.contains { $0.metrics[name] != nil } }
    let head = ["run"] + shown.flatMap { [$0, "least to most"] } + ["seeds", "seconds a run"]
    let body = rows.map { row in
      [row.label]
        + shown.flatMap { name -> [String] in
          guard let s = row.statistics(name) else { return ["-", "-"] }
          return [
            row.cells.count > 1 ? "\(figure(s.mean)) ± \(figure(s.deviation))" : figure(s.mean),
            row.cells.count > 1 ? "\(figure(s.least)) to \(figure(s.most))" : "-",
          ]
        } + [
          "\(row.cells.count)",
          compact(row.cells.reduce(0) { $0 + $1.seconds } / Double(max(row.cells.count, 1))),
        ]
    }
    return [
      RunReport.Table(title: "Runs, mean and standard deviation over the seeds", head: head, rows: body)
    ]
      + recipes
  }

  /// The settings that presets give to the combinations, where these differ: what was recipe.
  private var recipes: [RunReport.Table] {
    let merged = study.combinations.compactMap { values -> Settings? in
      var settings = experiment.settings
      for (key, value) in values {
        guard (try? settings.set(key, to: value, source: key)) != nil else { return nil }
      }
      return settings
    }
    guard merged.count > 1, merged.count <= 6 else { return [] }
    let rows = merged[0].all.indices.compactMap { place -> [String]? in
      let values = merged.map { $0.all[place].value }
      guard Set(values.map { $0.text() }).count > 1 else { return nil }
      return [merged[0].all[place].key] + values.map { $0 == nil ? "none" : $0.string ?? $0.text() }
    }
    guard rows.count > study.sweep.count else { return [] }
    return [
      RunReport.Table(
        title: "What the recipes differ in", head: ["setting"] + study.combinations.map(label), rows: rows)
    ]
  }

  /// The metric that the band speaks of: the study's own, or the mean over all runs.
  var judged: Double? {
    let name = experiment.band.metric
    return metrics.first { $0.name == name }?.value
      ?? StudyMetric.mean("\(experiment.band.part.rawValue)_\(name)", in: cells, where: [:])
  }

  /// The result against its band.
  var runResult: RunResult {
    RunResult(
      experiment: experiment.name, split: experiment.band.part.rawValue, count: cells.count,
      metrics: Dictionary(metrics.map { ($0.name, $0.value) }) { first, _ in first }.merging(
        judged.map { [experiment.band.metric: $0] } ?? [:]
      ) { $1 },
      band: .string(experiment.band.text), published: experiment.published.map(JSONValue.string) ?? nil,
      isWithinBand: judged.map(experiment.band.range.contains))
  }

  /// What a person reads at the end.
  var lines: [String] {
    var lines: [String] = []
    for table in tables {
      lines += ["", table.title] + aligned([table.head] + table.rows).split(separator: "\n").map(String.init)
    }
    lines.append("")
    var ending: [[String]] = metrics.map { ["result", Terminal.bold("\($0.name) \(figure($0.value))")] }
    ending += verdict(experiment, judged)
    return lines + aligned(ending).split(separator: "\n").map(String.init)
  }

  /// Writes runs.csv and the pictures; the pictures' files.
  func write(to folder: RunFolder, runsUnder outputs: URL) throws -> [URL] {
    let names = Set(cells.flatMap(\.metrics.keys)).sorted()
    let keys = study.sweep.map(\.key)
    let table =
      [(keys + ["seed", "run", "seconds"] + names).joined(separator: ",")]
      + cells.map { cell in
        (keys.map { cell.values[$0] ?? "" } + ["\(cell.seed)", cell.run, "\(cell.seconds)"]
          + names.map { cell.metrics[$0].map { "\($0)" } ?? "" }).joined(separator: ",")
      }
    try AtomicFile.write(
      table.joined(separator: "\n") + "\n", to: folder.url.appending(path: "runs.csv"), kind: .tracking)
    var written: [URL] = []
    for name in study.shown {
      if let bars = bars(name) {
        written += try bars.write(to: folder.visualizations, named: "\(name)_by_run")
      }
      if let curves = curves(name, outputs) {
        written += try curves.write(to: folder.visualizations, named: "\(name)_curves")
      }
    }
    return written
  }

  private func bars(_ metric: String) -> BarChart? {
    let statistics = rows.map { $0.statistics(metric) }
    guard statistics.contains(where: { $0 != nil }) else { return nil }
    return BarChart(
      title:
        "\(experiment.name): \(metric), mean and deviation over \(study.seeds) seed\(study.seeds == 1 ? "" : "s")",
      yLabel: metric, categories: rows.map(\.label),
      groups: [
        BarChart.Group(
          metric, statistics.map { $0?.mean ?? .nan }, errors: statistics.map { $0?.deviation ?? 0 })
      ])
  }

  /// The mean over the seeds at each epoch, a line for each combination; of what was measured while training.
  private func curves(_ metric: String, _ outputs: URL) -> LineChart? {
    let lines = rows.compactMap { row -> Series? in
      let histories = row.cells.compactMap { history(metric, $0, outputs) }
      guard let shortest = histories.map(\.count).min(), shortest > 1 else { return nil }
      let means = (0..<shortest).map { epoch in
        histories.reduce(0) { $0 + $1[epoch] } / Double(histories.count)
      }
      return Series(row.label, means)
    }
    guard !lines.isEmpty, lines.count <= 12 else { return nil }
    return LineChart(
      title: "\(experiment.name): \(metric), mean over the seeds", xLabel: "epoch", yLabel: metric,
      series: lines)
  }

  private func history(_ metric: String, _ cell: StudyCell, _ outputs: URL) -> [Double]? {
    guard let run = try? RunFolder.find(cell.run, under: outputs),
      let table = try? CSVTable(contentsOf: run.metricsTable)
    else { return nil }
    return (try? table.numbers(metric))?.map(Double.init)
  }
}
