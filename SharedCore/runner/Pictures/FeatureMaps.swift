import Engine
import Plotting

extension Experiment.Plot {
  /// What the stages of a `ConvolutionalNetwork` make of up to three images, rightly judged ones first: the eight maps of
  /// each stage that answer most.
  public static let featureMaps = Experiment.Plot("feature_maps") { context in
    let samples = try context.samples()
    guard let network = context.network as? any ConvolutionalNetwork, samples.holdsImages else { return [] }
    return try (context.rightOnes(3) + context.worstOnes(3)).prefix(3).enumerated().map { number, sample in
      let input = try context.inputs(samples.subset([sample.index]))
      let stages = withMode(.evaluation) { network.stages(input) }
      let columns = 8
      var images: [ImageGrid.Image?] = [try samples.image(sample.index, [])]
      images += [ImageGrid.Image?](repeating: nil, count: columns - 1)
      var rowNames = [context.names(sample.actual)]
      for (name, maps) in stages where maps.shape.count == 4 {
        let shown = strongest(maps, columns)
        images += shown + [ImageGrid.Image?](repeating: nil, count: columns - shown.count)
        rowNames.append("\(name): \(maps.shape[1]) of \(maps.shape[2])x\(maps.shape[3])")
      }
      let figure = ImageGrid(
        title: "\(context.experiment.name): feature maps of sample \(sample.index) of \(context.part)",
        subtitle:
          "the \(columns) strongest of each stage, each from its least (dark) to its greatest (light)",
        images: images, columns: columns, rowNames: rowNames)
      return NamedFigure(number == 0 ? "feature_maps" : "feature_maps_\(number + 1)", figure)
    }
  }

  /// The maps with the largest mean size among those of [1, C, H, W], in the order of the channels.
  private static func strongest(_ maps: Tensor, _ count: Int) -> [ImageGrid.Image] {
    let (channels, width) = (maps.shape[1], maps.shape[3])
    let size = maps.shape[2] * width
    let elements = maps.elements
    func values(_ channel: Int) -> ArraySlice<Float> { elements[channel * size..<(channel + 1) * size] }
    let sizes = (0..<channels).map { values($0).reduce(0) { $0 + abs($1) } }
    let chosen = (0..<channels).sorted { (sizes[$0], $1) > (sizes[$1], $0) }.prefix(count).sorted()
    return chosen.map { channel in
      let map = values(channel)
      let (least, greatest) = (map.min() ?? 0, map.max() ?? 0)
      let pixels = map.map { ColorMap.heat(greatest > least ? Double(($0 - least) / (greatest - least)) : 0) }
      return ImageGrid.Image(["\(channel)"], pixels: pixels, width: width)
    }
  }
}
