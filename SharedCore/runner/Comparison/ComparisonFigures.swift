import Foundation
import Plotting
import Tracking
import Utils

/// The pictures of a comparison.
public struct ComparisonFigures {
  private let comparison: Comparison
  private let database: ExperimentDatabase

  /// The pictures of `comparison`, whose histories are in `database`.
  public init(_ comparison: Comparison, _ database: ExperimentDatabase) {
    (self.comparison, self.database) = (comparison, database)
  }

  /// Accuracy against year, parameters and multiply-adds, the learning curves, and the regions where there are any.
  ///
  /// - Parameter regions: by model folder, for data of two features.
  public func all(regions: [String: DecisionRegions]) throws -> [NamedFigure] {
    var figures = scatters
    if let curves = try learningCurves() { figures.append(NamedFigure("learning_curves", curves)) }
    let frames = comparison.rows.compactMap { row in
      regions[row.model.folder].map { ContactSheet.Frame($0, caption: caption(row)) }
    }
    if !frames.isEmpty {
      figures.append(
        NamedFigure(
          "decision_regions",
          ContactSheet(
            title: "\(comparison.experiment): what each model makes of the plane", frames: frames,
            columns: min(frames.count, 3))))
    }
    return figures
  }

  /// The year, the name and the accuracy of the first run, which is the one that is drawn.
  private func caption(_ row: ComparisonRow) -> String {
    let year = row.model.year.map { "\($0) " } ?? ""
    let accuracy = comparison.accuracy(of: row).flatMap { row.records.first?.summary[$0.metric] }
    return year + row.model.title + (accuracy.map { ": \(figure($0))" } ?? "")
  }

  private var scatters: [NamedFigure] {
    let axes: [(name: String, label: String, scale: AxisScale, value: (ComparedModel) -> Int?)] = [
      ("year", "year", .linear, { $0.year }), ("parameters", "parameters", .logarithmic, { $0.parameters }),
      ("multiply_adds", "multiply-adds for a sample", .logarithmic, { $0.multiplyAdds }),
    ]
    return axes.compactMap { name, label, scale, value in
      let items = comparison.rows.compactMap { row -> ScatterChart.Item? in
        guard let accuracy = comparison.accuracy(of: row), let x = value(row.model) else { return nil }
        return ScatterChart.Item(row.model.title, x: Double(x), y: accuracy.mean, error: accuracy.deviation)
      }
      guard !items.isEmpty else { return nil }
      return NamedFigure(
        "accuracy_by_\(name)",
        ScatterChart(
          title: "\(comparison.experiment): accuracy by \(name.replacing("_", with: "-"))", xLabel: label,
          yLabel: "accuracy", items: items, xScale: scale))
    }
  }

  /// The mean of each model's runs by epoch, in the metric that all of them logged, accuracy of test before val before train.
  private func learningCurves() throws -> LineChart? {
    let done = comparison.rows.filter { !$0.records.isEmpty }
    let known = try done.map { try names(loggedBy: $0) }
    guard let first = known.first else { return nil }
    let shared = known.dropFirst().reduce(first) { $0.intersection($1) }
    let preferred = ["test_accuracy", "all_accuracy", "val_accuracy", "train_accuracy", "train_loss"]
    let fallback = shared.sorted().first { $0.hasSuffix("accuracy") || $0.hasSuffix("loss") }
    let common = preferred.first(where: shared.contains) ?? fallback
    let series = try zip(done, known).compactMap { row, names -> Series? in
      guard let metric = common ?? preferred.first(where: names.contains) else { return nil }
      let title = common == nil ? "\(row.model.title) (\(metric))" : row.model.title
      return try meanCurve(row, metric, title)
    }
    guard !series.isEmpty else { return nil }
    return LineChart(
      title: "\(comparison.experiment): learning curves", xLabel: "epoch",
      yLabel: common?.replacing("_", with: " ") ?? "accuracy", series: series)
  }

  private func names(loggedBy row: ComparisonRow) throws -> Set<String> {
    let names = try row.records.map { Set(try database.run($0.id).metricNames) }
    return names.dropFirst().reduce(names[0]) { $0.intersection($1) }
  }

  private func meanCurve(_ row: ComparisonRow, _ metric: String, _ title: String) throws -> Series {
    var values: [Int: [Double]] = [:]
    for record in row.records {
      var epochs = try database.history(of: metric, in: record.id)
      var run = record
      // A run that was resumed has the epochs before in the record of the run that it continued.
      while let sum = run.parent,
        let before = try database.runs(RunFilter(model: run.model, experiment: run.experiment), limit: .max)
          .first(where: { $0.checkpointSHA256 == sum }), run.command.contains("--resume")
      {
        let first = epochs.first?.epoch ?? .max
        epochs = try database.history(of: metric, in: before.id).filter { $0.epoch < first } + epochs
        run = before
      }
      let last = Dictionary(epochs.map { ($0.epoch, $0.value) }) { $1 }  // some rules log an epoch twice
      for (epoch, value) in last { values[epoch, default: []].append(value) }
    }
    let whole = values.filter { $0.value.count == row.records.count }.sorted { $0.key < $1.key }
    return Series(
      title, xs: whole.map { Double($0.key) },
      ys: whole.map { $0.value.reduce(0, +) / Double($0.value.count) })
  }
}
