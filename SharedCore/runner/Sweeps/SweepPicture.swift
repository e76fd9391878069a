import Foundation
import Plotting

/// What came of which settings of a sweep: a line for each run over an axis for each setting.
struct SweepPicture {
  let figure: ParallelCoordinates

  /// Nil where nothing was ranked, or no setting differs.
  init?(_ result: StudyResult) {
    guard let objective = result.plan.study.search?.objective, !result.cells.isEmpty else { return nil }
    let axes = result.plan.study.sweep.filter { $0.values.count > 1 }
    guard !axes.isEmpty else { return nil }
    let results = result.cells.map { $0.metrics[objective.metric] ?? .nan }
    let finite = results.filter(\.isFinite)
    let (least, most) = (finite.min() ?? 0, finite.max() ?? 0)
    let merits = results.map { value in
      guard value.isFinite else { return Double.nan }
      let share = most == least ? 1 : (value - least) / (most - least)
      return objective.goal == .maximize ? share : 1 - share
    }
    let settings = axes.map { key, values in
      Self.axis(key, values, result.cells.map { $0.values[key] ?? "" })
    }
    let goal = objective.goal == .maximize ? "more" : "less"
    figure = ParallelCoordinates(
      title: "\(result.plan.experiment.name): \(objective.metric) by settings",
      subtitle: "a line for each of \(result.cells.count) runs; the darker the better, and \(goal) is better",
      axes: settings + [ParallelCoordinates.Axis(objective.metric, results)], merits: merits)
  }

  /// Numbers that span more than a decade and a half count by ratios; what is no number, and few values, by their names.
  private static func axis(_ key: String, _ values: [String], _ own: [String])
    -> ParallelCoordinates.Axis
  {
    let numbers = own.map { Double($0) ?? .nan }
    guard values.count > 4, values.allSatisfy({ Double($0)?.isFinite == true }),
      let least = numbers.min(), let most = numbers.max()
    else {
      return ParallelCoordinates.Axis(
        key, words: values, places: own.map { values.firstIndex(of: $0) ?? 0 })
    }
    return ParallelCoordinates.Axis(key, numbers, isLogarithmic: least > 0 && most / least >= 30)
  }
}
