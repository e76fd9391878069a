import Utils

/// Named points over two numbers: accuracy by year, by parameters, by multiply-adds.
///
/// Points differ in colour and marker, and each has its name beside it; one that has no room for its name near it is led to
/// by a line.
public struct ScatterChart: Figure {
  /// A named point.
  public struct Item: Equatable, Sendable {
    /// What stands beside it.
    public var name: String
    /// Its place; one that is not finite (or not above 0 on a logarithmic axis) is not drawn.
    public var x, y: Double
    /// The half length of the bar through it, such as a standard deviation; 0 for none.
    public var error: Double

    /// A point with its name.
    public init(_ name: String, x: Double, y: Double, error: Double = 0) {
      (self.name, self.x, self.y, self.error) = (name, x, y, error)
    }
  }

  /// The heading.
  public var title: String
  /// What runs to the right, and what upwards.
  public var xLabel, yLabel: String
  /// The points.
  public var items: [Item]
  /// How the horizontal axis counts.
  public var xScale: AxisScale

  /// A chart of `items`.
  public init(
    title: String, xLabel: String, yLabel: String, items: [Item], xScale: AxisScale = .linear
  ) {
    (self.title, self.xLabel, self.yLabel) = (title, xLabel, yLabel)
    (self.items, self.xScale) = (items, xScale)
  }

  /// Draws the picture into the bounds of `canvas`.
  public func draw(on canvas: Canvas) {
    let frame = canvas.heading(title)
    let isLogarithmic = xScale == .logarithmic
    let x = Scale(fitting: items.map(\.x), isLogarithmic: isLogarithmic, margin: 0.12)
    let y = Scale(fitting: items.flatMap { [$0.y - $0.error, $0.y + $0.error] }, margin: 0.1)
    let isWhole = !isLogarithmic && items.allSatisfy { !$0.x.isFinite || $0.x == $0.x.rounded() }
    let area = canvas.axes(
      in: frame, x: Axis(label: xLabel, scale: x, wholeNumbers: isWhole), y: Axis(label: yLabel, scale: y))
    let places = items.map { area($0.x, $0.y) }
    guard places.contains(where: { $0 != nil }) else {
      canvas.text("no finite values to show", area.rect.center, .center, .label)
      return
    }
    var taken = places.compactMap { $0.map { Rect($0.x - 4, $0.y - 4, 8, 8) } }
    canvas.clipped(to: area.rect) {
      for (item, place) in zip(items, places) { drawBar(item, place, area, canvas) }
      for (index, place) in places.enumerated() {
        guard let place else { continue }
        canvas.marker(SeriesStyle(index).marker, place, radius: 4, SeriesStyle(index).color)
      }
    }
    for (index, place) in places.enumerated() {
      guard let place else { continue }
      drawName(items[index].name, of: place, in: area.rect, &taken, SeriesStyle(index).color, canvas)
    }
  }

  private func drawBar(_ item: Item, _ place: Point?, _ area: PlotArea, _ canvas: Canvas) {
    guard item.error > 0, let place, let low = area(item.x, item.y - item.error),
      let high = area(item.x, item.y + item.error)
    else { return }
    let stroke = Stroke(.gray(0.45), width: 1)
    canvas.line(low, high, stroke)
    for end in [low, high] { canvas.line(Point(place.x - 3, end.y), Point(place.x + 3, end.y), stroke) }
  }

  /// Beside the point where there is room, else further off with a line to it; nowhere when all is full.
  private func drawName(
    _ name: String, of place: Point, in rect: Rect, _ taken: inout [Rect], _ color: Color, _ canvas: Canvas
  ) {
    let text = canvas.shortened(name, to: rect.width * 0.3, .note)
    let (width, height) = (canvas.width(of: text, .note), canvas.height(of: .note))
    for distance in stride(from: 7.0, through: 127, by: 12) {
      for (across, down) in Self.directions {
        let middle = Point(
          place.x + across * (distance + width / 2), place.y + down * (distance + height / 2))
        let box = Rect(middle.x - width / 2, middle.y - height / 2, width, height)
        guard box.x >= rect.x + 1, box.right <= rect.right - 1, box.y >= rect.y + 1,
          box.bottom <= rect.bottom - 1, !taken.contains(where: box.overlaps)
        else { continue }
        taken.append(box)
        if distance > 7 {
          let end = Point(
            min(max(place.x, box.x), box.right), down < 0 ? box.bottom : down > 0 ? box.y : middle.y)
          canvas.line(place, end, Stroke(color, width: 0.6))
        }
        canvas.text(text, middle, .center, .note)
        return
      }
    }
  }

  private static let directions: [(Double, Double)] = [
    (1, 0), (0, -1), (0, 1), (-1, 0), (1, -1), (1, 1), (-1, -1), (-1, 1),
  ]
}
