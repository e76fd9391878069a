import Utils

/// A function of two numbers as colours with contour lines: an error surface with the way that a descent took over it,
/// what a hidden unit answers over the plane.
public struct HeatMap: Thumbnail {
  /// The heading.
  public var title: String
  /// A line below it.
  public var subtitle: String
  /// What runs to the right.
  public var xLabel: String
  /// What runs upwards.
  public var yLabel: String
  /// What the colours mean.
  public var valueLabel: String
  /// What the picture shows to the right.
  public let xRange: ClosedRange<Double>
  /// What the picture shows upwards.
  public let yRange: ClosedRange<Double>
  /// The value of every cell at its middle; the first row has the least y. One that is not finite is grey.
  public let values: [Double]
  /// Cells a row.
  public let width: Int
  /// `.diverging` for values whose sign matters: white is 0, and a thick line runs along it.
  public var colors: ColorMap
  /// How colours and contours count.
  public let scale: AxisScale
  /// Where contour lines run.
  public var levels: [Double]
  /// Ways over the surface, from a dot to a ring.
  public var paths: [Series]

  /// A picture of `values`, row-major with `width` a row, the first row at the lower end of `yRange`; see
  /// `DecisionRegions.centers` for where their cells lie.
  ///
  /// - Parameters:
  ///   - scale: linear for diverging colours; logarithmic for a surface that falls over decades.
  ///   - levels: where contour lines run; nil for round numbers, or 0 alone with diverging colours.
  ///   - paths: a point that is not finite leaves a gap.
  public init(
    title: String, subtitle: String = "", xLabel: String, yLabel: String, valueLabel: String,
    xRange: ClosedRange<Double>, yRange: ClosedRange<Double>, values: [Double], width: Int,
    colors: ColorMap = .sequential, scale: AxisScale = .linear, levels: [Double]? = nil, paths: [Series] = []
  ) {
    require(
      width > 0 && !values.isEmpty && values.count % width == 0, "\(values.count) cells in rows of \(width)")
    require(colors != .diverging || scale == .linear, "diverging colours on a logarithmic scale")
    self.title = title
    self.subtitle = subtitle
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.valueLabel = valueLabel
    self.xRange = xRange
    self.yRange = yRange
    self.values = values
    self.width = width
    self.colors = colors
    self.scale = scale
    self.paths = paths
    let ticks = HeatMap.colorScale(values, colors, scale).ticks(atMost: 10, wholeNumbers: false)
    self.levels = levels ?? (colors == .diverging ? [0] : ticks.values)
  }

  /// Draws the picture into the bounds of `canvas`.
  public func draw(on canvas: Canvas) {
    var frame = canvas.heading(title, subtitle: subtitle)
    let colorScale = HeatMap.colorScale(values, colors, scale)
    let ticks = colorScale.ticks(atMost: 10, wholeNumbers: false)
    let label = canvas.height(of: .label)
    let bar = frame.takeRight(12 + 8 + 12 + canvas.width(ofWidest: ticks.labels, .note) + label)
    canvas.legend(legend, in: &frame)
    let area = canvas.axes(
      in: frame, x: Axis(label: xLabel, scale: Scale(xRange)), y: Axis(label: yLabel, scale: Scale(yRange)))
    canvas.clipped(to: area.rect) { drawSurface(on: canvas, in: area) }
    canvas.rectangle(area.rect, stroke: Stroke(.gray(0.35), width: 0.8))
    canvas.colorBar(
      colors, colorScale, labels: ticks, in: Rect(bar.x + 12, area.rect.y, 12, area.rect.height))
    canvas.text(
      valueLabel, Point(bar.right, area.rect.center.y), .right, .label, maxLength: area.rect.height,
      upwards: true)
  }

  /// The ways over the surface, where they have names to tell.
  var legend: [LegendEntry] {
    paths.count > 1
      ? paths.enumerated().map { index, path in
        LegendEntry(name: path.name) { canvas, box in
          canvas.line(Point(box.x, box.center.y), Point(box.right, box.center.y), stroke(index))
          canvas.marker(SeriesStyle(index + 1).marker, box.center, radius: 3.2, stroke(index).color)
        }
      } : []
  }

  /// Colours, contours and ways alone, filling the bounds of `canvas`.
  func drawThumbnail(on canvas: Canvas) {
    let area = PlotArea(rect: canvas.bounds, x: Scale(xRange), y: Scale(yRange))
    canvas.clipped(to: area.rect) { drawSurface(on: canvas, in: area) }
  }

  private func drawSurface(on canvas: Canvas, in area: PlotArea) {
    let colorScale = HeatMap.colorScale(values, colors, scale)
    let rows = stride(from: values.count - width, through: 0, by: -width).flatMap {
      values[$0..<$0 + width]
    }
    canvas.image(rows.map { color($0, colorScale) }, width: width, in: area.rect)
    let across = area.rect.width / Double(width)
    let down = area.rect.height / Double(values.count / width)
    for level in levels {
      let isAxis = colors == .diverging && level == 0
      for line in ContourLines.lines(at: level, in: values, width: width) {
        canvas.polyline(
          line.map { Point(area.rect.x + $0.x * across, area.rect.bottom - $0.y * down) },
          Stroke(isAxis ? .black : .gray(0.3), width: isAxis ? 1.8 : 0.6))
      }
    }
    for (index, path) in paths.enumerated() { draw(path, index, on: canvas, in: area) }
  }

  private func draw(_ path: Series, _ index: Int, on canvas: Canvas, in area: PlotArea) {
    for run in Polyline.runs(of: path, in: area) {
      canvas.polyline(run, Stroke(.white, width: 3.4))
      canvas.polyline(run, stroke(index))
      if run.count <= 60 {
        for place in run.dropFirst() { canvas.circle(place, radius: 1.7, fill: stroke(index).color) }
      }
      canvas.marker(SeriesStyle(index + 1).marker, run[0], radius: 4.2, stroke(index).color)
      canvas.circle(run[run.count - 1], radius: 5, stroke: Stroke(.white, width: 3))
      canvas.circle(run[run.count - 1], radius: 5, stroke: Stroke(stroke(index).color, width: 1.8))
    }
  }

  private func stroke(_ index: Int) -> Stroke { Stroke(SeriesStyle(index + 1).color, width: 1.8) }

  private func color(_ value: Double, _ scale: Scale) -> Color {
    guard !value.isNaN else { return colors(.nan) }
    let share = scale.share(value) ?? (value > 0 ? 1 : 0)
    return colors(colors == .diverging ? 2 * share - 1 : share)
  }

  /// Where each value lies between the ends of the colours.
  private static func colorScale(_ values: [Double], _ colors: ColorMap, _ scale: AxisScale) -> Scale {
    guard colors == .diverging else {
      return Scale(fitting: values, isLogarithmic: scale == .logarithmic, margin: 0)
    }
    let largest = values.filter(\.isFinite).reduce(0) { max($0, abs($1)) }
    return Scale(fitting: [-largest, largest], margin: 0)
  }
}
