import DataUtils
import Engine
import Plotting

extension Experiment.Plot {
  /// Where a `ConvolutionalNetwork` looked when it said its class: six images that it judged rightly, and its six worst
  /// mistakes; see `gradCAM`.
  public static let gradCAM = Experiment.Plot("grad_cam") { context in
    let samples = try context.samples()
    guard let network = context.network as? any ConvolutionalNetwork, samples.holdsImages else { return [] }
    let columns = 6
    var (images, rowNames): ([ImageGrid.Image?], [String]) = ([], [])
    for (name, shown) in [("right", context.rightOnes(columns)), ("wrong", context.worstOnes(columns))]
    where !shown.isEmpty {
      let holes = [ImageGrid.Image?](repeating: nil, count: columns - shown.count)
      images += try shown.map { try samples.image($0.index, context.caption($0)) } + holes
      images += try heated(shown, samples, network, context) + holes
      rowNames += [name, "looked at"]
    }
    let figure = ImageGrid(
      title: "\(context.experiment.name), \(context.part): where the network looked (Grad-CAM)",
      subtitle: "heat for the class that was said, as a share of each image's greatest",
      images: images, columns: columns, rowNames: rowNames, key: ImageGrid.ColorKey(.heat, 0...1))
    return [NamedFigure("grad_cam", figure)]
  }

  /// The images in grey with the heat laid over them, the stronger the hotter.
  private static func heated(
    _ shown: [JudgedSample], _ samples: Dataset, _ network: any ConvolutionalNetwork,
    _ context: PictureContext
  ) throws -> [ImageGrid.Image] {
    let (height, width) = (samples.sampleShape[1], samples.sampleShape[2])
    let inputs = try context.inputs(samples.subset(shown.map(\.index)))
    let heat = Engine.gradCAM(network, inputs, classes: shown.map { Int32($0.prediction) }).heat
    let large = interpolate(
      heat.reshaped(to: [heat.shape[0], 1, heat.shape[1], heat.shape[2]]), to: [height, width], .linear
    ).elements
    return try shown.enumerated().map { number, sample in
      let values = large[number * height * width..<(number + 1) * height * width]
      let greatest = max(values.max() ?? 0, .leastNormalMagnitude)
      let pixels = zip(try samples.grey(sample.index), values).map { grey, value in
        let share = Double(value / greatest)
        return Color.gray(grey).mixed(with: ColorMap.heat(share), 0.25 + 0.45 * share)
      }
      return ImageGrid.Image([], pixels: pixels, width: width)
    }
  }
}

extension Dataset {
  /// The lightness of each pixel of sample `index`, 0 to 1.
  fileprivate func grey(_ index: Int) throws -> [Double] {
    let pixels = try pixels(index)
    let count = pixels.count / sampleShape[0]
    return (0..<count).map { place in
      (0..<sampleShape[0]).reduce(0) { $0 + Double(pixels[$1 * count + place]) } / Double(sampleShape[0])
    }
  }
}
