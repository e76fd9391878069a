import Utils

/// What a classifier of two features answers everywhere, with the examples it was asked about.
///
/// Regions are light tints of the classes' colours that differ in lightness and are parted by a line; examples have
/// their class's colour and shape, and mistakes stand in a ring. So a grey print can be read.
public struct DecisionRegions: Thumbnail {
  /// An example.
  public struct Example: Equatable, Sendable {
    /// The first feature.
    public var x: Double
    /// The second feature.
    public var y: Double
    /// The class it belongs to.
    public var label: Int
    /// Whether the classifier says another one.
    public var isMisclassified: Bool

    /// An example of class `label` at (`x`, `y`); one that is not finite is not drawn.
    public init(x: Double, y: Double, label: Int, isMisclassified: Bool = false) {
      require(label >= 0, "class \(label) of an example")
      self.x = x
      self.y = y
      self.label = label
      self.isMisclassified = isMisclassified
    }
  }

  /// Cells a side of the grid that `init(answers:)` makes.
  public static let resolution = 200

  /// The heading.
  public var title: String
  /// A line below it: the epoch and the accuracy.
  public var subtitle: String
  /// The name of the first feature.
  public var xLabel: String
  /// The name of the second feature.
  public var yLabel: String
  /// What the picture shows of the first feature.
  public let xRange: ClosedRange<Double>
  /// What the picture shows of the second feature.
  public let yRange: ClosedRange<Double>
  /// The class of every cell; the first row has the least `y`.
  public let cells: [Int]
  /// Cells a row.
  public let width: Int
  /// What the classes are called.
  public var classNames: [String]
  /// The examples.
  public var examples: [Example]

  /// A picture of `cells`, row-major with `width` a row, the first row at the lower end of `yRange`; all classes
  /// are 0 or more, and ranges are finite and not empty.
  public init(
    title: String, subtitle: String = "", xLabel: String, yLabel: String, xRange: ClosedRange<Double>,
    yRange: ClosedRange<Double>, cells: [Int], width: Int, classNames: [String], examples: [Example]
  ) {
    require(
      width > 0 && !cells.isEmpty && cells.count % width == 0, "\(cells.count) cells in rows of \(width)")
    require(cells.allSatisfy { $0 >= 0 }, "a cell has class \(cells.min() ?? 0)")
    self.title = title
    self.subtitle = subtitle
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.xRange = xRange
    self.yRange = yRange
    self.cells = cells
    self.width = width
    self.classNames = classNames
    self.examples = examples
  }

  /// A picture of 200 x 200 cells, each asked of `answers` at its centre: all points at once, in the order of the
  /// cells, for one class each.
  public init(
    title: String, subtitle: String = "", xLabel: String, yLabel: String, xRange: ClosedRange<Double>,
    yRange: ClosedRange<Double>, classNames: [String], examples: [Example],
    answers: ([(x: Double, y: Double)]) throws -> [Int]
  ) rethrows {
    let points = DecisionRegions.centers(x: xRange, y: yRange)
    let cells = try answers(points)
    require(cells.count == points.count, "\(cells.count) answers to \(points.count) questions")
    self.init(
      title: title, subtitle: subtitle, xLabel: xLabel, yLabel: yLabel, xRange: xRange, yRange: yRange,
      cells: cells, width: DecisionRegions.resolution, classNames: classNames, examples: examples)
  }

  /// The centres of `resolution` x `resolution` cells, row by row from the least `y`.
  public static func centers(
    x: ClosedRange<Double>, y: ClosedRange<Double>, resolution: Int = DecisionRegions.resolution
  ) -> [(x: Double, y: Double)] {
    func center(_ index: Int, _ range: ClosedRange<Double>) -> Double {
      range.lowerBound + (Double(index) + 0.5) / Double(resolution) * (range.upperBound - range.lowerBound)
    }
    return (0..<resolution).flatMap { row in
      (0..<resolution).map { (center($0, x), center(row, y)) }
    }
  }

  /// The range that shows all `values` with a tenth of its length to spare at both ends.
  public static func range(showing values: some Sequence<Double>) -> ClosedRange<Double> {
    Scale(fitting: values, margin: 0.1).range
  }

  /// Draws the picture into the bounds of `canvas`.
  public func draw(on canvas: Canvas) {
    var frame = canvas.heading(title, subtitle: subtitle)
    canvas.legend(legend, in: &frame)
    let area = canvas.axes(
      in: frame, x: Axis(label: xLabel, scale: Scale(xRange)), y: Axis(label: yLabel, scale: Scale(yRange)))
    canvas.clipped(to: area.rect) {
      drawRegions(on: canvas, in: area.rect)
      drawExamples(on: canvas, in: area)
    }
    canvas.rectangle(area.rect, stroke: Stroke(.gray(0.35), width: 0.8))
  }

  /// The mark of a mistake, where there is one, then the classes.
  var legend: [LegendEntry] {
    let shown = Set(cells).union(examples.map(\.label)).union(classNames.indices).sorted()
    return mistakesEntry + shown.map(entry)
  }

  /// Regions and examples alone, filling the bounds of `canvas`.
  func drawThumbnail(on canvas: Canvas) {
    let area = PlotArea(rect: canvas.bounds, x: Scale(xRange), y: Scale(yRange))
    canvas.clipped(to: area.rect) {
      drawRegions(on: canvas, in: area.rect)
      drawExamples(on: canvas, in: area)
    }
  }

  private func drawRegions(on canvas: Canvas, in rect: Rect) {
    let across = rect.width / Double(width)
    let down = rect.height / Double(cells.count / width)
    let changes = zip(cells, cells.dropFirst()).count { $0 != $1 }
    if changes > cells.count / 4 {
      // Outlines of so many specks would hide them, and make a file of megabytes.
      let rows = stride(from: cells.count - width, through: 0, by: -width).flatMap { cells[$0..<$0 + width] }
      return canvas.image(rows.map(Palette.tint), width: width, in: rect)
    }
    for value in Set(cells).sorted() {
      let loops = RegionOutline.loops(of: value, in: cells, width: width).map { loop in
        loop.map { Point(rect.x + $0.x * across, rect.bottom - $0.y * down) }
      }
      canvas.polygons(loops, fill: Palette.tint(value), stroke: Stroke(.gray(0.3), width: 0.7))
    }
  }

  private func drawExamples(on canvas: Canvas, in area: PlotArea) {
    let radius = examples.count > 2000 ? 1.6 : examples.count > 400 ? 2.4 : 3.6
    // Mistakes last: of two examples at one place, the ring must be around the one that is wrong.
    for example in examples.filter({ !$0.isMisclassified }) + examples.filter(\.isMisclassified) {
      guard let place = area(example.x, example.y) else { continue }
      canvas.marker(Marker.shape(example.label), place, radius: radius, Palette.color(example.label))
    }
    for example in examples where example.isMisclassified {
      guard let place = area(example.x, example.y) else { continue }
      canvas.circle(place, radius: radius * 1.9, stroke: Stroke(.black, width: 1.3))
    }
  }

  private func entry(_ label: Int) -> LegendEntry {
    LegendEntry(name: label < classNames.count ? classNames[label] : "class \(label)") { canvas, box in
      canvas.rectangle(box, fill: Palette.tint(label), stroke: Stroke(.gray(0.3), width: 0.7))
      canvas.marker(Marker.shape(label), box.center, radius: 3.2, Palette.color(label))
    }
  }

  private var mistakesEntry: [LegendEntry] {
    guard examples.contains(where: \.isMisclassified) else { return [] }
    return [
      LegendEntry(name: "misclassified") { canvas, box in
        canvas.circle(box.center, radius: min(6, box.height / 2), stroke: Stroke(.black, width: 1.3))
      }
    ]
  }
}
