import DataUtils
import Engine
import Plotting

extension Experiment.Plot {
  /// Accuracies by epoch in one chart, macro F1 in another, losses, mistakes and the like in one each; nothing in `evaluate`.
  public static let learningCurves = Experiment.Plot("learning_curve") { context in
    let names = context.history.last?.metrics.filter { !$0.isDetail }.map(\.name) ?? []
    let accuracies = names.filter { $0.hasSuffix("accuracy") }
    let scores = names.filter { $0.hasSuffix("f1_macro") }
    let others = names.filter { !(accuracies + scores).contains($0) }
    var charts: [NamedFigure] = []
    if !accuracies.isEmpty {
      let chart = chart(context, "accuracy", of: accuracies, expected(context.experiment.band))
      charts.append(NamedFigure("learning_curve", chart))
    }
    if !scores.isEmpty {
      charts.append(NamedFigure("f1_macro_curve", chart(context, "macro F1", of: scores, [])))
    }
    for label in Set(others.map(withoutPart)).sorted() {
      let same = others.filter { withoutPart($0) == label }
      charts.append(NamedFigure("\(label)_curve", chart(context, label, of: same, [])))
    }
    return charts
  }

  /// `loss` for `train_loss`, `val_loss` and `test_loss`.
  private static func withoutPart(_ name: String) -> String {
    DataSplits.Part.allCases.reduce(name) { name, part in
      name.hasPrefix("\(part)_") ? String(name.dropFirst(part.rawValue.count + 1)) : name
    }
  }

  /// The bounds of an expected accuracy.
  private static func expected(_ band: Band) -> [ReferenceLine] {
    guard band.metric.hasSuffix("accuracy") else { return [] }
    return [band.range.lowerBound, band.range.upperBound].filter(\.isFinite).map {
      ReferenceLine($0, "expected: \(band.text)")
    }
  }

  /// What a chart shows, with the part where there is only one: "macro F1 of val".
  private static func title(_ label: String, of names: [String]) -> String {
    guard names.count == 1, let part = DataSplits.Part.allCases.first(where: { names[0].hasPrefix("\($0)_") })
    else { return label }
    return "\(label) of \(part)"
  }

  private static func chart(
    _ context: PictureContext, _ label: String, of names: [String], _ references: [ReferenceLine]
  ) -> LineChart {
    let epochs = context.history.map { Double($0.epoch) }
    return LineChart(
      title: "\(context.experiment.name): \(title(label, of: names))", xLabel: "epoch", yLabel: label,
      series: names.map { name in
        Series(name, xs: epochs, ys: context.history.map { $0.metrics[name] ?? .nan })
      }, references: references)
  }
}
