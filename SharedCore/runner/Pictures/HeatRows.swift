import DataUtils
import Engine
import Plotting

extension PictureContext {
  /// Rows of heat below rows of images: some that were judged rightly, and the worst mistakes, each row as wide as its images
  /// allow; nothing where there is no heat.
  ///
  /// - Parameters:
  ///   - name: what the file is called.
  ///   - title: what the heat says, after the names of the experiment and the part.
  ///   - rows: the maps [N, h, w] of inputs [N, C, H, W] and their samples, a row each.
  func heatRows(
    _ name: String, title: String, subtitle: String, scale: HeatOverlay.Scale,
    rows: (Tensor, [JudgedSample]) throws -> [(name: String, maps: Tensor)]
  ) throws -> [NamedFigure] {
    let samples = try samples()
    guard samples.holdsImages else { return [] }
    let columns = HeatOverlay.columns(of: samples.sampleShape)
    var (images, rowNames): ([ImageGrid.Image?], [String]) = ([], [])
    for (name, shown) in [("right", rightOnes(columns)), ("wrong", worstOnes(columns))] where !shown.isEmpty {
      let holes = [ImageGrid.Image?](repeating: nil, count: columns - shown.count)
      images += try shown.map { try samples.image($0.index, caption($0)) } + holes
      rowNames.append(name)
      let pixels = try shown.map { try samples.pixels($0.index) }
      for row in try rows(try inputs(samples.subset(shown.map(\.index))), shown) {
        images += HeatOverlay(row.maps, scale: scale).images(over: pixels, samples.sampleShape) + holes
        rowNames.append(row.name)
      }
    }
    guard rowNames.contains(where: { $0 != "right" && $0 != "wrong" }) else { return [] }
    let figure = ImageGrid(
      title: "\(experiment.name), \(part): \(title)", subtitle: subtitle, images: images,
      columns: columns, rowNames: rowNames, key: ImageGrid.ColorKey(.heat, 0...1))
    return [NamedFigure(name, figure)]
  }
}
