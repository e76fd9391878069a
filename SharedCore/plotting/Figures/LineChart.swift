import Utils

/// A named sequence of points, joined by a line.
public struct Series: Equatable, Sendable {
  /// What the legend says.
  public var name: String
  /// Horizontal values; as many as `ys`.
  public var xs: [Double]
  /// Vertical values; one that is not finite leaves a gap in the line.
  public var ys: [Double]
  /// How far a band reaches above and below each value: a standard deviation, an error; empty for no band.
  public var deviations: [Double]

  /// A series from as many `xs` as `ys`, and as many `deviations` where there is a band.
  public init(_ name: String, xs: [Double], ys: [Double], deviations: [Double] = []) {
    require(xs.count == ys.count, "series \(name) has \(xs.count) x and \(ys.count) y")
    require(
      deviations.isEmpty || deviations.count == ys.count,
      "series \(name) has \(ys.count) y and \(deviations.count) deviations")
    self.deviations = deviations
    self.name = name
    self.xs = xs
    self.ys = ys
  }

  /// A series over `first`, `first + 1`, ...: a value an epoch.
  public init(_ name: String, _ ys: [Double], from first: Int = 1) {
    self.init(name, xs: ys.indices.map { Double(first + $0) }, ys: ys)
  }
}

/// A level that data are compared with: a target, a published figure, chance.
public struct ReferenceLine: Equatable, Sendable {
  /// Where it lies.
  public var value: Double
  /// What the legend says.
  public var label: String

  /// A level with its name.
  public init(_ value: Double, _ label: String) {
    self.value = value
    self.label = label
  }

  var entry: LegendEntry {
    LegendEntry(name: label) { canvas, box in
      canvas.line(Point(box.x, box.center.y), Point(box.right, box.center.y), ReferenceLine.stroke)
    }
  }

  /// Draws the level across `area` if it has a place there.
  func draw(on canvas: Canvas, in area: PlotArea) {
    guard let left = area(area.x.range.lowerBound, value) else { return }
    canvas.line(left, Point(area.rect.right, left.y), ReferenceLine.stroke)
  }

  private static let stroke = Stroke(.gray(0.25), width: 1.1, dashes: [2, 2])
}

/// How an axis counts.
public enum AxisScale: Sendable {
  /// Equal distances are equal differences.
  case linear
  /// Equal distances are equal ratios; values of 0 and below have no place and leave gaps.
  case logarithmic
}

/// Lines over a common axis: loss and accuracy by epoch, a sweep's result by learning rate.
///
/// Series differ in colour, dash pattern and marker, so a grey print can be read. A series of any length draws in
/// the time and space of what its pixels show.
public struct LineChart: Figure {
  /// The heading.
  public var title: String
  /// What runs to the right.
  public var xLabel: String
  /// What runs upwards.
  public var yLabel: String
  /// The lines, in the order of the legend.
  public var series: [Series]
  /// Levels to compare with.
  public var references: [ReferenceLine]
  /// The part of the vertical axis to show; nil for all values.
  public var yRange: ClosedRange<Double>?
  /// How the horizontal axis counts.
  public var xScale: AxisScale
  /// How the vertical axis counts.
  public var yScale: AxisScale

  /// A chart of `series`; `yRange`, where given, is not empty, and above 0 when `yScale` is logarithmic.
  public init(
    title: String, xLabel: String, yLabel: String, series: [Series], references: [ReferenceLine] = [],
    yRange: ClosedRange<Double>? = nil, xScale: AxisScale = .linear, yScale: AxisScale = .linear
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.references = references
    self.yRange = yRange
    self.xScale = xScale
    self.yScale = yScale
  }

  /// Draws the picture into the bounds of `canvas`.
  public func draw(on canvas: Canvas) {
    var frame = canvas.heading(title)
    let entries = series.enumerated().map { canvas.entry($1.name, SeriesStyle($0)) } + references.map(\.entry)
    if entries.count > 1 { canvas.legend(entries, in: &frame) }

    let xs = series.flatMap(\.xs)
    let x = Scale(fitting: xs, isLogarithmic: xScale == .logarithmic, margin: 0.02)
    let isLog = yScale == .logarithmic
    let y =
      yRange.map { Scale($0, isLogarithmic: isLog) }
      ?? Scale(
        fitting: series.flatMap { $0.ys + $0.bandEdges } + references.map(\.value), isLogarithmic: isLog)
    let whole = xs.allSatisfy { !$0.isFinite || $0 == $0.rounded() }
    let area = canvas.axes(
      in: frame, x: Axis(label: xLabel, scale: x, wholeNumbers: whole), y: Axis(label: yLabel, scale: y))
    canvas.clipped(to: area.rect) {
      for reference in references { reference.draw(on: canvas, in: area) }
      for (index, series) in series.enumerated() {
        for band in series.bands(in: area) {
          canvas.polygons([band], fill: SeriesStyle(index).color, opacity: 0.18)
        }
      }
      for (index, series) in series.enumerated() {
        canvas.curve(series, in: area, SeriesStyle(index), phase: index)
      }
    }
    if !canvas.hasPoint(series, in: area) {
      canvas.text("no finite values to show", area.rect.center, .center, .label)
    }
  }
}

extension Canvas {
  /// A legend line with a piece of the curve and its marker.
  func entry(_ name: String, _ style: SeriesStyle) -> LegendEntry {
    LegendEntry(name: name) { canvas, box in
      canvas.line(Point(box.x, box.center.y), Point(box.right, box.center.y), style.stroke)
      canvas.marker(style.marker, box.center, radius: 3.2, style.color)
    }
  }

  fileprivate func hasPoint(_ series: [Series], in area: PlotArea) -> Bool {
    series.contains { series in zip(series.xs, series.ys).contains { area($0, $1) != nil } }
  }

  /// Draws a series with gaps where it is not finite; markers on every point, or on a dozen of many, at places
  /// that depend on `phase` so that the markers of two equal curves do not hide each other.
  func curve(_ series: Series, in area: PlotArea, _ style: SeriesStyle, phase: Int) {
    var markers: [Point] = []
    let runs = Polyline.runs(of: series, in: area)
    let count = series.xs.count
    let every = count <= 30 ? 1 : max(1, count / 12)
    for index in stride(from: count <= 30 ? 0 : phase * every / 5 % every, to: count, by: every) {
      if let place = area(series.xs[index], series.ys[index]) { markers.append(place) }
    }
    for run in runs {
      let line = Polyline.reduced(run)
      var stroke = style.stroke
      if line.count > 500 { stroke.width = 1 }
      // A line that fills an area has no visible dashes, only a great many of them.
      if Polyline.length(line) > 10 * area.rect.width { stroke.dashes = [] }
      polyline(line, stroke)
    }
    for place in markers { marker(style.marker, place, radius: 3.2, style.color) }
  }
}
