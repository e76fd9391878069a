import DataUtils
import Engine
import Plotting

extension Experiment.Plot {
  /// Which places mattered to the attention modules of an `AttendingNetwork`, laid over images that it judged rightly and
  /// over its worst mistakes.
  public static let attention = Experiment.Plot("attention") { context in
    let samples = try context.samples()
    guard let network = context.network as? any AttendingNetwork, samples.holdsImages else { return [] }
    let columns = HeatOverlay.columns(of: samples.sampleShape)
    var (images, rowNames): ([ImageGrid.Image?], [String]) = ([], [])
    for (name, shown) in [("right", context.rightOnes(columns)), ("wrong", context.worstOnes(columns))]
    where !shown.isEmpty {
      let holes = [ImageGrid.Image?](repeating: nil, count: columns - shown.count)
      images += try shown.map { try samples.image($0.index, context.caption($0)) } + holes
      rowNames.append(name)
      let inputs = try context.inputs(samples.subset(shown.map(\.index)))
      for map in withMode(.evaluation, { network.attentionMaps(inputs) }) {
        images +=
          HeatOverlay(map.places, scale: .one).images(
            over: try shown.map { try samples.pixels($0.index) }, samples.sampleShape) + holes
        rowNames.append(map.name)
      }
    }
    guard rowNames.contains(where: { $0 != "right" && $0 != "wrong" }) else { return [] }
    let figure = ImageGrid(
      title: "\(context.experiment.name), \(context.part): which places mattered",
      subtitle: "the weights of the attention modules, from 0 to 1",
      images: images, columns: columns, rowNames: rowNames, key: ImageGrid.ColorKey(.heat, 0...1))
    return [NamedFigure("attention", figure)]
  }
}
