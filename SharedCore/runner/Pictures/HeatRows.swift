import DataUtils
import Engine
import Plotting

/// Heat over some samples: a row of a picture.
struct HeatRow {
  /// What stands at its left.
  let name: String
  /// The heat of each sample, [N, h, w].
  let maps: Tensor
  /// What is hottest: each map's own greatest number, or the greatest of the row, with the least as coldest.
  var isOwnScale = true
  /// What stands below each; none for nothing.
  var captions: [String] = []
}

extension PictureContext {
  /// Rows of heat below rows of images: some that were judged rightly, and the worst mistakes, each row as wide as its images
  /// allow; nothing where there is no heat.
  ///
  /// - Parameters:
  ///   - name: what the file is called.
  ///   - title: what the heat says, after the names of the experiment and the part.
  ///   - rows: the heat of inputs [N, C, H, W] and their samples.
  func heatRows(
    _ name: String, title: String, subtitle: String,
    rows: (Tensor, [JudgedSample]) throws -> [HeatRow]
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
        let overlay = HeatOverlay(row.maps)
        let spread = overlay.spread
        var heat = overlay.images(
          over: pixels, samples.sampleShape, scale: row.isOwnScale ? .greatest : .range(spread))
        for (place, caption) in row.captions.enumerated() { heat[place].caption = [caption] }
        images += heat + holes
        rowNames.append(row.isOwnScale ? row.name : "\(row.name): \(spread.inWords)")
      }
    }
    guard rowNames.contains(where: { $0 != "right" && $0 != "wrong" }) else { return [] }
    let figure = ImageGrid(
      title: "\(experiment.name), \(part): \(title)", subtitle: subtitle, images: images,
      columns: columns, rowNames: rowNames, key: ImageGrid.ColorKey(.heat, ends: ("least", "most")))
    return [NamedFigure(name, figure)]
  }
}
