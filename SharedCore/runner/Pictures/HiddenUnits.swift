import DataUtils
import Engine
import Foundation
import Plotting

extension Experiment.Plot {
  /// What the units of the first hidden layer look for: where samples are two numbers, what each answers over the plane,
  /// with the line where it answers 0; where samples are images, its incoming weights, each at its pixel.
  ///
  /// The answers over the plane are those of `HasHiddenUnits`, else the weighted sums of the first weights.
  public static let hiddenUnits = Experiment.Plot("hidden_units") { context in
    let train = context.data.splits.train
    if train.sampleShape == [2] { return try planes(context, train) }
    guard train.holdsImages, let (weight, _) = context.firstLinear else { return [] }
    let (units, inputs) = (weight.shape[0], weight.shape[1])
    let elements = weight.elements
    let rows = (0..<min(units, 64)).map { Array(elements[$0 * inputs..<($0 + 1) * inputs]) }
    let count = rows.count < units ? "\(rows.count) of \(units)" : "\(units)"
    let title = "\(context.experiment.name): incoming weights of \(count) hidden units"
    let width = train.sampleShape[2]
    if train.sampleShape[0] == 1 {
      let images = rows.enumerated().map { WeightImages.Image("\($0 + 1)", values: $1, width: width) }
      return [NamedFigure("hidden_units", WeightImages(title: title, images: images))]
    }
    let images = rows.enumerated().map { ImageGrid.Image(["\($0 + 1)"], weights: $1, width: width) }
    let figure = ImageGrid(title: title, subtitle: "each on its own scale; grey is 0", images: images)
    return [NamedFigure("hidden_units", figure)]
  }

  private static func planes(_ context: PictureContext, _ train: Dataset) throws -> [NamedFigure] {
    let samples = try (0..<train.count).map(train.sample)
    let xRange = DecisionRegions.range(showing: samples.map { Double($0[0]) })
    let yRange = DecisionRegions.range(showing: samples.map { Double($0[1]) })
    let resolution = 60
    let centers = DecisionRegions.centers(x: xRange, y: yRange, resolution: resolution)
    let grid = Dataset(
      name: "grid", sampleShape: [2], features: .floats(centers.flatMap { [Float($0.x), Float($0.y)] }),
      labels: [Int32](repeating: 0, count: centers.count), classNames: train.classNames)
    guard let answers = context.firstAnswers(try context.inputs(grid)) else { return [] }
    let (units, elements) = (answers.shape[1], answers.elements)
    let frames = (0..<min(units, ContactSheet.mostFrames)).map { unit in
      let values = centers.indices.map { Double(elements[$0 * units + unit]) }
      let map = HeatMap(
        title: "unit \(unit + 1)", xLabel: train.featureNames.first ?? "x1",
        yLabel: train.featureNames.last ?? "x2", valueLabel: "answer", xRange: xRange, yRange: yRange,
        values: values, width: resolution, colors: .diverging)
      let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
      return ContactSheet.Frame(map, caption: "unit \(unit + 1): \(short(least)) to \(short(greatest))")
    }
    let count = frames.count < units ? "\(frames.count) of \(units)" : "\(units)"
    let sheet = ContactSheet(
      title: "\(context.experiment.name): what \(count) hidden units answer, blue below 0, orange above",
      frames: frames, columns: frames.count > 16 ? 6 : min(4, max(2, frames.count)))
    return [NamedFigure("hidden_units", sheet)]
  }

  private static func short(_ number: Double) -> String {
    let text = String(format: "%.2f", abs(number))
    return number < 0 && text != "0.00" ? "−\(text)" : text
  }
}

extension PictureContext {
  /// Weight [units, D] and bias of the first linear layer that takes samples as they are.
  fileprivate var firstLinear: (weight: Tensor, bias: Tensor?)? {
    let parameters = network.parameters()
    guard
      let (name, weight) = parameters.first(where: {
        $0.parameter.shape.count == 2 && $0.parameter.shape[1] == data.inputs
      })
    else { return nil }
    let bias = parameters.first {
      $0.name.hasSuffix("bias") && name.hasSuffix("weight")
        && $0.name.dropLast("bias".count) == name.dropLast("weight".count)
    }
    return (weight.value, bias?.parameter.value)
  }

  /// What the first hidden layer answers to `x` [N, 2]: [N, units].
  fileprivate func firstAnswers(_ x: Tensor) -> Tensor? {
    if let network = network as? any HasHiddenUnits {
      return withMode(.evaluation) { network.hiddenUnits(x) }
    }
    return firstLinear.map { linear(x, $0.weight, $0.bias) }
  }
}
