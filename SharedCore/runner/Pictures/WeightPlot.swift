import Engine
import Plotting

extension Experiment.Plot {
  /// The first layer's weights: as images where samples are grey images, else as bars by feature.
  public static let weights = Experiment.Plot("weights") { context in
    let train = context.data.splits.train
    let inputs = context.data.inputs
    guard
      let weight = context.network.parameters().first(where: { $0.parameter.shape.last == inputs })?
        .parameter,
      weight.shape.count == 2
    else { return [] }
    let units = weight.shape[0]
    let rows = (0..<units).map { Array(weight.value.elements[$0 * inputs..<($0 + 1) * inputs]) }
    let names =
      units == train.classNames.count
      ? train.classNames : units == 1 ? [train.classNames[1]] : (0..<units).map { "unit \($0)" }
    let title = "\(context.experiment.name): weights"
    if train.sampleShape.count == 3, train.sampleShape[0] == 1 {
      let images = zip(names, rows).map {
        WeightImages.Image($0, values: $1, width: train.sampleShape[2])
      }
      return [NamedFigure("weights", WeightImages(title: "\(title), each at its pixel", images: images))]
    }
    let chart = BarChart(
      title: title, yLabel: "weight", categories: train.featureNames,
      groups: zip(names, rows).map { BarChart.Group($0, $1.map(Double.init)) })
    return [NamedFigure("weights", chart)]
  }
}
