import Engine
import Plotting

extension Experiment.Plot {
  /// How often each class was taken for each other one.
  public static let confusionMatrix = Experiment.Plot("confusion_matrix") { context in
    let matrix = context.evaluation.confusion
    let counts = (0..<matrix.classes).map { actual in
      (0..<matrix.classes).map { matrix[actual: actual, predicted: $0] }
    }
    let figure = ConfusionMatrixFigure(
      title: "\(context.experiment.name), \(context.part)", counts: counts, classNames: context.classNames)
    return [NamedFigure("confusion_matrix", figure)]
  }

  /// The receiver operating characteristic: of two classes, or of each against the rest.
  public static let roc = Experiment.Plot("roc") { context in
    let names = context.evaluation.outputWidth == 1 ? [context.classNames[1]] : context.classNames
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
