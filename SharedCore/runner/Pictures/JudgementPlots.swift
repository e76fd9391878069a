import Engine
import Plotting

extension Experiment.Plot {
  /// How often each class was taken for each other one; where samples have any number of classes how often each was seen and
  /// overlooked, after all of them together.
  public static let confusionMatrix = Experiment.Plot("confusion_matrix") { context in
    let title = "\(context.experiment.name), \(context.part)"
    switch context.evaluation.outcome {
    case .classes(_, let matrix):
      let counts = (0..<matrix.classes).map { actual in
        (0..<matrix.classes).map { matrix[actual: actual, predicted: $0] }
      }
      let figure = ConfusionMatrixFigure(title: title, counts: counts, classNames: context.classNames)
      return [NamedFigure("confusion_matrix", figure)]
    case .multiLabel(_, let report):
      return [answers(report.total, title, "any class", "confusion_matrix")]
        + zip(context.classNames, report.perClass).map { name, counts in
          answers(counts, title, name, "confusion_matrix_\(name.replacing("/", with: "-"))")
        }
    }
  }

  /// How often a class was rightly and wrongly said to be there.
  private static func answers(
    _ counts: MultiLabelReport.Counts, _ title: String, _ name: String, _ file: String
  ) -> NamedFigure {
    let rows = [
      [counts.trueNegatives, counts.falsePositives], [counts.falseNegatives, counts.truePositives],
    ]
    return NamedFigure(
      file,
      ConfusionMatrixFigure(
        title: "\(title): \(name)", counts: rows, classNames: ["without", "with"]))
  }

  /// The receiver operating characteristic: of two classes, or of each against the rest.
  public static let roc = Experiment.Plot("roc") { context in
    let names = context.classNames.suffix(context.evaluation.outputWidth)
    let curves = zip(names, try context.evaluation.rocCurves()).compactMap { name, curve in
      curve.area.map { area in
        ROCFigure.Curve(
          name, falsePositiveRates: curve.points.map(\.falsePositiveRate),
          truePositiveRates: curve.points.map(\.truePositiveRate), area: area)
      }
    }
    let title = "\(context.experiment.name), \(context.part): receiver operating characteristic"
    return [NamedFigure("roc", ROCFigure(title: title, curves: curves))]
  }
}
