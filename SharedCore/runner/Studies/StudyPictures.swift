import Foundation
import Plotting
import Tracking

/// The pictures of a study: a bar for each combination, and a learning curve for each, means over the seeds; of a sweep file
/// also what came of which settings.
struct StudyPictures {
  /// More curves than this cannot be told apart.
  private static let mostCurves = 12
  /// More bars than this have no names.
  private static let mostBars = 40

  private let result: StudyResult
  private let histories: StudyHistories
  private var study: Study { result.plan.study }

  /// The pictures of `result`, whose runs lie below `outputs`.
  init(_ result: StudyResult, runsUnder outputs: URL) {
    self.result = result
    histories = StudyHistories(Self.measured(result), of: result.cells, under: outputs)
  }

  /// What is drawn by epoch: of a part that is not watched while training, what was measured of the training part.
  private static func measured(_ result: StudyResult) -> [String] {
    var seen = Set<String>()
    return result.shown.flatMap { name in
      [name, "train_" + (name.split(separator: "_", maxSplits: 1).last.map(String.init) ?? "")]
    }.filter { seen.insert($0).inserted }
  }

  /// Writes each as PNG and SVG; their files.
  func write(to folder: URL) throws -> [URL] {
    try result.shown.flatMap { try bars($0)?.write(to: folder, named: "\($0)_by_run") ?? [] }
      + (SweepPicture(result)?.figure.write(to: folder, named: "parallel_coordinates") ?? [])
      + Self.measured(result).flatMap { try curves($0)?.write(to: folder, named: "\($0)_curves") ?? [] }
  }

  private var overSeeds: String { study.seeds == 1 ? "" : ", mean and deviation over \(study.seeds) seeds" }

  /// A bar for each combination; where there is one alone, for each seed.
  private func bars(_ metric: String) -> BarChart? {
    let rows = result.rows
    let isOne = rows.count == 1
    guard (isOne ? result.cells.count : rows.count) <= Self.mostBars else { return nil }
    let bars =
      isOne
      ? result.cells.map { ("\($0.seed)", Statistics([$0.metrics[metric]].compactMap(\.self))) }
      : rows.map { ($0.label, $0.statistics(metric)) }
    return BarChart(
      title: "\(result.plan.experiment.name): \(metric)" + (isOne ? " by seed" : overSeeds), yLabel: metric,
      categories: bars.map(\.0),
      groups: [
        BarChart.Group(metric, bars.map { $0.1?.mean ?? .nan }, errors: bars.map { $0.1?.deviation ?? 0 })
      ])
  }

  /// The mean over the seeds at each epoch and a band of their deviation, a line for each combination.
  private func curves(_ metric: String) -> LineChart? {
    let lines = result.rows.compactMap { row in
      histories.curves(metric, of: row.cells).map { epochs, runs in
        Series(row.label, xs: epochs.map(Double.init), meanOf: runs)
      }
    }
    guard !lines.isEmpty, lines.count <= Self.mostCurves else { return nil }
    return LineChart(
      title: "\(result.plan.experiment.name): \(metric)\(overSeeds)", xLabel: "epoch", yLabel: metric,
      series: lines)
  }
}
