import Utils

/// Pictures in rows: photographs with what a network said of them, kernels, feature maps, heat over photographs.
public struct ImageGrid: Figure {
  /// One picture.
  public struct Image: Equatable, Sendable {
    /// The lines that stand below it.
    public var caption: [String]
    /// The colours row by row.
    public let pixels: [Color]  // [H * W]
    /// Pixels a row.
    public let width: Int

    /// A picture of `pixels` (H * W of them) in rows of `width`.
    public init(_ caption: [String], pixels: [Color], width: Int) {
      require(
        width > 0 && !pixels.isEmpty && pixels.count % width == 0,
        "\(pixels.count) pixels in rows of \(width)")
      self.caption = caption
      self.pixels = pixels
      self.width = width
    }

    /// A grey or a coloured picture from its channels one after the other, numbers from 0 to 1.
    ///
    /// - Parameters:
    ///   - values: [H * W] for a grey one, [3 * H * W] for red, green, blue.
    ///   - channels: 1 or 3.
    public init(_ caption: [String], values: [Float], channels: Int, width: Int) {
      require(
        (channels == 1 || channels == 3) && values.count % channels == 0,
        "\(values.count) values in \(channels) channels")
      let count = values.count / channels
      let pixels = (0..<count).map { (place: Int) -> Color in
        let parts = (0..<channels).map { Double(values[$0 * count + place]) }
        return Color(red: parts[0], green: parts[channels / 2], blue: parts[channels - 1])
      }
      self.init(caption, pixels: pixels, width: width)
    }

    var height: Int { pixels.count / width }
  }

  /// What colours mean, where they are not those of the things themselves.
  public struct ColorKey: Sendable {
    /// The colours.
    public var colors: ColorMap
    /// What their ends stand for.
    public var ends: (least: String, most: String)

    /// A key of `colors` whose ends have names.
    public init(_ colors: ColorMap, ends: (least: String, most: String)) {
      self.colors = colors
      self.ends = ends
    }
  }

  /// The heading.
  public var title: String
  /// A line below it.
  public var subtitle: String
  /// The pictures, left to right and top to bottom; nil leaves a place empty.
  public var images: [Image?]
  /// Pictures a row; nil for the number that makes them largest.
  public var columns: Int?
  /// What stands to the left of each row; empty for nothing.
  public var rowNames: [String]
  /// What the colours mean; nil for none.
  public var key: ColorKey?
  /// Inches from the left edge to the right one.
  public var width = 10.0

  /// A picture of `images` in rows of `columns`.
  public init(
    title: String, subtitle: String = "", images: [Image?], columns: Int? = nil, rowNames: [String] = [],
    key: ColorKey? = nil
  ) {
    require(columns ?? 1 > 0, "\(columns ?? 0) columns")
    self.title = title
    self.subtitle = subtitle
    self.images = images
    self.columns = columns
    self.rowNames = rowNames
    self.key = key
  }

  /// `width` by 6 inches; as high as the rows need where their number is given, up to 30 inches.
  public var size: FigureSize {
    guard let columns, !images.isEmpty else { return FigureSize(width: width, height: 6) }
    let rows = Double((images.count + columns - 1) / columns)
    let tile = (width - (rowNames.isEmpty ? 0.4 : 1.4)) / Double(columns)
    return FigureSize(width: width, height: min(max(rows * (tile * aspect + (room + 8) / 72) + 0.9, 2), 30))
  }

  /// Draws the picture into the bounds of `canvas`.
  public func draw(on canvas: Canvas) {
    var frame = canvas.heading(title, subtitle: subtitle)
    guard images.contains(where: { $0 != nil }) else {
      canvas.text("no images to show", frame.center, .center, .label)
      return
    }
    if let key { draw(key, on: canvas, in: &frame) }
    let names = frame.takeLeft(
      rowNames.isEmpty ? 0 : min(canvas.width(ofWidest: rowNames, .note), frame.width * 0.3) + 8)
    let grid = TileGrid(count: images.count, in: frame, columns: columns, aspect: aspect, caption: room)
    let style = captionStyle(on: canvas, width: grid.tile.width - 4)
    for (index, image) in images.enumerated() {
      let tile = grid.rect(index)
      var place = tile.inset(by: min(4, tile.width * 0.04))
      _ = place.takeBottom(grid.caption)
      if index % grid.columns == 0, index / grid.columns < rowNames.count {
        canvas.text(
          rowNames[index / grid.columns], Point(names.right - 8, place.center.y), .right, .note,
          maxLength: names.width - 8)
      }
      if let image { draw(image, on: canvas, in: place, caption: grid.caption > 0 ? style : nil) }
    }
  }

  private func draw(_ image: Image, on canvas: Canvas, in place: Rect, caption style: TextStyle?) {
    let scale = min(place.width / Double(image.width), place.height / Double(image.height))
    let (across, down) = (scale * Double(image.width), scale * Double(image.height))
    let rect = Rect(place.center.x - across / 2, place.center.y - down / 2, across, down)
    canvas.image(image.pixels, width: image.width, in: rect)
    canvas.rectangle(rect, stroke: Stroke(.gray(0.55), width: 0.5))
    guard let style else { return }
    var y = rect.bottom + 1
    for line in image.caption {
      canvas.text(line, Point(place.center.x, y), .top, style, maxLength: place.width + 4)
      y += canvas.height(of: style)
    }
  }

  /// The largest type of 6.5 to 9.5 points in which every line fits below its picture, if there is one.
  private func captionStyle(on canvas: Canvas, width: Double) -> TextStyle {
    let lines = images.flatMap { $0?.caption ?? [] }
    let widest = canvas.width(ofWidest: lines, .note)
    let size = min(1, max(6.5 / TextStyle.note.size, width / max(widest, 1))) * TextStyle.note.size
    return TextStyle(size: size)
  }

  private func draw(_ key: ColorKey, on canvas: Canvas, in frame: inout Rect) {
    let ticks = Ticks(values: [0, 1], labels: [key.ends.least, key.ends.most])
    var bar = frame.takeRight(31 + canvas.width(ofWidest: ticks.labels, .note))
    _ = bar.takeLeft(14)
    canvas.colorBar(
      key.colors, values: 0...1, labels: ticks,
      in: Rect(bar.x, bar.y + 7, 12, min(bar.height - 14, 300)))
  }

  /// Height to width of the tallest picture.
  private var aspect: Double {
    images.map { $0.map { Double($0.height) / Double($0.width) } ?? 0 }.max() ?? 1
  }

  /// Room for the longest caption, in points.
  private var room: Double { Double(images.map { $0?.caption.count ?? 0 }.max() ?? 0) * 12 + 3 }
}
