import Utils

/// Weights as pictures: the templates of a linear classifier, the kernels of a first convolution, Hopfield patterns.
///
/// All images share one scale, symmetric about 0 (see `ColorMap.diverging`), so that they can be compared.
public struct WeightImages: Figure {
  /// One grid of weights.
  public struct Image: Equatable, Sendable {
    /// What stands below it.
    public var caption: String
    /// The weights row by row; one that is not a number is grey.
    public let values: [Float]  // [H * W]
    /// Weights a row.
    public let width: Int

    /// A grid of `values` (H * W of them) in rows of `width`.
    public init(_ caption: String, values: [Float], width: Int) {
      require(
        width > 0 && !values.isEmpty && values.count % width == 0,
        "\(values.count) weights in rows of \(width)")
      self.caption = caption
      self.values = values
      self.width = width
    }

    var height: Int { values.count / width }
  }

  /// The heading.
  public var title: String
  /// The grids, left to right and top to bottom.
  public var images: [Image]
  /// Images a row; nil for the number that makes them largest.
  public var columns: Int?

  /// A picture of `images` in rows of `columns`.
  public init(title: String, images: [Image], columns: Int? = nil) {
    require(columns ?? 1 > 0, "\(columns ?? 0) columns")
    self.title = title
    self.images = images
    self.columns = columns
  }

  /// Draws the picture into the bounds of `canvas`.
  public func draw(on canvas: Canvas) {
    var frame = canvas.heading(title)
    guard !images.isEmpty else {
      canvas.text("no weights to show", frame.center, .center, .label)
      return
    }
    let largest = images.lazy.flatMap(\.values).filter(\.isFinite).reduce(Float(0)) { max($0, abs($1)) }
    let limit = largest > 0 ? Double(largest) : 1
    let ticks = Ticks(
      values: [-limit, 0, limit], labels: [Ticks.label(-limit), "0", Ticks.label(limit)])
    var bar = frame.takeRight(31 + canvas.width(ofWidest: ticks.labels, .note))
    _ = bar.takeLeft(14)
    canvas.colorBar(
      .diverging, values: -limit...limit, labels: ticks, in: Rect(bar.x, bar.y + 7, 12, bar.height - 14))
    drawImages(on: canvas, in: frame, limit: limit)
  }

  private func drawImages(on canvas: Canvas, in frame: Rect, limit: Double) {
    let grid = TileGrid(count: images.count, in: frame, columns: columns, aspect: aspect, caption: 14)
    let style = TextStyle(size: min(TextStyle.note.size, max(5, grid.tile.width / 6)))
    for (index, image) in images.enumerated() {
      let tile = grid.rect(index)
      var room = tile.inset(by: min(4, tile.width * 0.04))
      _ = room.takeBottom(grid.caption)
      let scale = min(room.width / Double(image.width), room.height / Double(image.height))
      let (across, down) = (scale * Double(image.width), scale * Double(image.height))
      let rect = Rect(room.center.x - across / 2, room.center.y - down / 2, across, down)
      canvas.image(image.values.map { ColorMap.diverging(Double($0) / limit) }, width: image.width, in: rect)
      canvas.rectangle(rect, stroke: Stroke(.gray(0.55), width: 0.5))
      if grid.caption > 0 {
        canvas.text(
          image.caption, Point(room.center.x, rect.bottom + 1), .top, style, maxLength: room.width)
      }
    }
  }

  /// Height to width of the tallest image.
  private var aspect: Double { images.map { Double($0.height) / Double($0.width) }.max() ?? 1 }
}

/// Equal tiles in rows.
struct TileGrid {
  let columns: Int
  let tile: Rect
  /// Room for a caption below each tile; 0 when tiles are too small for one.
  let caption: Double

  /// `count` tiles in `frame`, with as many `columns` as make pictures of height/width `aspect` largest unless a
  /// number is given.
  init(count: Int, in frame: Rect, columns: Int?, aspect: Double, caption: Double) {
    func pictureWidth(_ columns: Int) -> Double {
      let rows = Double((count + columns - 1) / columns)
      return min(frame.width / Double(columns), max(0, frame.height / rows - caption) / aspect)
    }
    // Twice the square root is wide enough for every aspect that is worth looking at.
    let most = min(count, max(1, Int(2 * Double(count).squareRoot() / min(1, aspect))))
    let best = (1...max(1, most)).max { pictureWidth($0) < pictureWidth($1) } ?? 1
    self.columns = min(columns ?? best, max(1, count))
    let rows = (count + self.columns - 1) / self.columns
    tile = Rect(frame.x, frame.y, frame.width / Double(self.columns), frame.height / Double(max(1, rows)))
    self.caption = tile.height > 2 * caption && tile.width > 20 ? caption : 0
  }

  /// Where tile number `index` lies.
  func rect(_ index: Int) -> Rect {
    let (row, column) = index.quotientAndRemainder(dividingBy: columns)
    return Rect(
      tile.x + Double(column) * tile.width, tile.y + Double(row) * tile.height, tile.width, tile.height)
  }
}
