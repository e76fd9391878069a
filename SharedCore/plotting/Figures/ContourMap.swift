import Utils

/// A number over a plane as a map with contour lines, and paths across it: an error surface and the descent on it.
///
/// Levels get darker downwards, by equal steps of the square root, so that the bottom of a bowl is not one flat spot. Paths
/// begin at a hollow circle and end at a full one.
public struct ContourMap: Figure {
  /// A place with a name: a minimum.
  public struct Place: Equatable, Sendable {
    /// What the legend says.
    public var name: String
    /// Where it lies.
    public var x, y: Double

    /// A place.
    public init(_ name: String, x: Double, y: Double) {
      self.name = name
      self.x = x
      self.y = y
    }
  }

  /// The heading.
  public var title: String
  /// A line below it.
  public var subtitle: String
  /// What runs to the right, what runs upwards, and what the map shows.
  public var xLabel, yLabel, valueLabel: String
  /// What the picture shows of the plane.
  public let xRange, yRange: ClosedRange<Double>
  /// The number in every cell; the first row has the least `y`.
  public let values: [Double]
  /// Cells a row.
  public let width: Int
  /// What is drawn across it, in the order of the legend.
  public var paths: [Series]
  /// What is marked on it.
  public var places: [Place]

  private let low, span: Double

  /// How many levels the map tells apart.
  private static let levels = 14

  /// A map of `values`, row-major with `width` a row, the first row at the lower end of `yRange`; all are finite.
  public init(
    title: String, subtitle: String = "", xLabel: String, yLabel: String, valueLabel: String,
    xRange: ClosedRange<Double>, yRange: ClosedRange<Double>, values: [Double], width: Int,
    paths: [Series] = [], places: [Place] = []
  ) {
    require(
      width > 0 && !values.isEmpty && values.count % width == 0, "\(values.count) values in rows of \(width)")
    require(values.allSatisfy(\.isFinite), "a contour map shows finite values only")
    self.title = title
    self.subtitle = subtitle
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.valueLabel = valueLabel
    self.xRange = xRange
    self.yRange = yRange
    self.values = values
    self.width = width
    self.paths = paths
    self.places = places
    low = values.min() ?? 0
    span = max((values.max() ?? 1) - low, .leastNormalMagnitude)
  }

  /// Draws the picture into the bounds of `canvas`.
  public func draw(on canvas: Canvas) {
    var frame = canvas.heading(title, subtitle: subtitle)
    canvas.legend(legend, in: &frame)
    drawScale(on: canvas, in: frame.takeRight(80))
    let area = canvas.axes(
      in: frame, x: Axis(label: xLabel, scale: Scale(xRange)), y: Axis(label: yLabel, scale: Scale(yRange)))
    canvas.clipped(to: area.rect) {
      drawLevels(on: canvas, in: area.rect)
      for (index, path) in paths.enumerated() { draw(path, SeriesStyle(index), on: canvas, in: area) }
      for place in places {
        guard let point = area(place.x, place.y) else { continue }
        canvas.marker(.cross, point, radius: 6, .black)
      }
    }
    canvas.rectangle(area.rect, stroke: Stroke(.gray(0.35), width: 0.8))
  }

  private var legend: [LegendEntry] {
    paths.enumerated().map { index, path in
      LegendEntry(name: path.name) { canvas, box in
        let stroke = SeriesStyle(index).stroke
        canvas.line(Point(box.x, box.center.y), Point(box.right, box.center.y), stroke)
      }
    }
      + places.map { place in
        LegendEntry(name: place.name) { canvas, box in canvas.marker(.cross, box.center, radius: 5, .black) }
      }
  }

  /// The level of a value, 0 for the lowest.
  private func level(_ value: Double) -> Int {
    min(Self.levels - 1, Int(((value - low) / span).squareRoot() * Double(Self.levels)))
  }

  private func color(_ level: Int) -> Color {
    ColorMap.sequential(0.75 * (1 - Double(level) / Double(Self.levels - 1)))
  }

  private func drawLevels(on canvas: Canvas, in rect: Rect) {
    let cells = values.map(level)
    let (across, down) = (rect.width / Double(width), rect.height / Double(cells.count / width))
    for value in Set(cells).sorted() {
      let loops = RegionOutline.loops(of: value, in: cells, width: width).map { loop in
        loop.map { Point(rect.x + $0.x * across, rect.bottom - $0.y * down) }
      }
      canvas.polygons(loops, fill: color(value), stroke: Stroke(.gray(0.45), width: 0.4))
    }
  }

  private func draw(_ path: Series, _ style: SeriesStyle, on canvas: Canvas, in area: PlotArea) {
    let points = zip(path.xs, path.ys).compactMap { area($0, $1) }
    guard let first = points.first, let last = points.last else { return }
    canvas.polyline(points, style.stroke)
    canvas.circle(first, radius: 4, fill: .white, stroke: Stroke(style.color, width: 1.6))
    canvas.circle(last, radius: 4, fill: style.color, stroke: Stroke(.white, width: 0.8))
  }

  /// A bar of all levels with the values between them.
  private func drawScale(on canvas: Canvas, in rect: Rect) {
    var rect = rect
    let head = rect.takeTop(18)
    canvas.text(valueLabel, Point(rect.center.x + 6, head.y), .top, .note, maxLength: rect.width - 12)
    let step = rect.height / Double(Self.levels)
    for level in 0..<Self.levels {
      let bottom = rect.bottom - Double(level) * step
      canvas.rectangle(
        Rect(rect.x + 14, bottom - step, 12, step), fill: color(level),
        stroke: Stroke(.gray(0.45), width: 0.4))
      guard level % 2 == 0 else { continue }
      let share = Double(level) / Double(Self.levels)
      canvas.text(Ticks.label(low + span * share * share), Point(rect.x + 31, bottom), .left, .note)
    }
  }
}
