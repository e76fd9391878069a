import Engine
import Plotting

extension Experiment.Plot {
  /// The kernels of the first convolution: of three channels in colour, of one as weights below and above 0.
  public static let firstLayerFilters = Experiment.Plot("first_layer_filters") { context in
    let convolution = context.network.parameters().first { $0.parameter.shape.count == 4 }
    guard let (name, parameter) = convolution else { return [] }
    let shape = parameter.shape  // [C', C, kH, kW]
    let size = shape[1] * shape[2] * shape[3]
    guard shape[1] == 1 || shape[1] == 3, size > 0 else { return [] }
    let elements = parameter.value.elements
    let kernels = (0..<min(shape[0], 96)).map { Array(elements[$0 * size..<($0 + 1) * size]) }
    let count = kernels.count < shape[0] ? "\(kernels.count) of \(shape[0])" : "\(shape[0])"
    let title = "\(context.experiment.name): \(count) kernels of \(name), \(shape[2])x\(shape[3])"
    guard shape[1] == 3 else {
      let images = kernels.enumerated().map { WeightImages.Image("\($0 + 1)", values: $1, width: shape[3]) }
      return [NamedFigure("first_layer_filters", WeightImages(title: title, images: images))]
    }
    let figure = ImageGrid(
      title: title, subtitle: "each on its own scale; grey is 0",
      images: kernels.enumerated().map { number, kernel in
        ImageGrid.Image(["\(number + 1)"], weights: kernel, width: shape[3])
      })
    return [NamedFigure("first_layer_filters", figure)]
  }
}

extension ImageGrid.Image {
  /// Weights of red, green and blue [3 * H * W] as a colour picture: 0 is grey, the largest weight full or no colour.
  init(_ caption: [String], weights: [Float], width: Int) {
    let largest = weights.filter(\.isFinite).reduce(0) { max($0, abs($1)) }
    let values = weights.map { largest > 0 && $0.isFinite ? 0.5 + 0.5 * $0 / largest : 0.5 }
    self.init(caption, values: values, channels: 3, width: width)
  }
}
