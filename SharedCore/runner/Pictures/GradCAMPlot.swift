import DataUtils
import Engine
import Plotting

extension Experiment.Plot {
  /// Where a `ConvolutionalNetwork` looked when it said its class: six images that it judged rightly, and its six worst
  /// mistakes; see `gradCAM`.
  public static let gradCAM = Experiment.Plot("grad_cam") { context in
    let samples = try context.samples()
    guard let network = context.network as? any ConvolutionalNetwork, samples.holdsImages else { return [] }
    let columns = HeatOverlay.columns(of: samples.sampleShape)
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

  /// The images with the heat of the class that was said laid over them.
  private static func heated(
    _ shown: [JudgedSample], _ samples: Dataset, _ network: any ConvolutionalNetwork,
    _ context: PictureContext
  ) throws -> [ImageGrid.Image] {
    let inputs = try context.inputs(samples.subset(shown.map(\.index)))
    let heat = Engine.gradCAM(network, inputs, classes: shown.map { Int32($0.prediction) }).heat
    return HeatOverlay(heat, scale: .greatest).images(
      over: try shown.map { try samples.pixels($0.index) }, samples.sampleShape)
  }
}
