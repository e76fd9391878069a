import Utils

/// Many settings of many runs and what came of each: an upright axis for every setting, the result on the last, and a line
/// for every run, as dark as its result is good (Inselberg, "The Plane with Parallel Coordinates", 1985).
public struct ParallelCoordinates: Figure {
  /// One upright axis.
  public struct Axis: Equatable, Sendable {
    /// What it counts.
    public enum Kind: Equatable, Sendable {
      /// Numbers, the least below; one that is not finite has no place.
      case numbers([Double], isLogarithmic: Bool)
      /// Words, of which the first stands below; each line has the place of its word.
      case words([String], places: [Int])
    }

    /// What stands above it.
    public var name: String
    /// A value for each line.
    public var kind: Kind

    /// An axis of numbers; logarithmic ones are above 0.
    public init(_ name: String, _ values: [Double], isLogarithmic: Bool = false) {
      self.name = name
      kind = .numbers(values, isLogarithmic: isLogarithmic)
    }

    /// An axis of words: `places` are those of each line among `words`.
    public init(_ name: String, words: [String], places: [Int]) {
      require(places.allSatisfy(words.indices.contains), "axis \(name) has \(words.count) words")
      self.name = name
      kind = .words(words, places: places)
    }

    var count: Int {
      switch kind {
      case .numbers(let values, _): values.count
      case .words(_, let places): places.count
      }
    }

    /// How the values lie between bottom and top.
    var scale: Scale {
      switch kind {
      case .numbers(let values, let isLogarithmic):
        Scale(fitting: values, isLogarithmic: isLogarithmic, margin: 0.03)
      case .words(let words, _): Scale(-0.5...Double(max(words.count, 1)) - 0.5)
      }
    }

    /// The value of a line on the scale.
    func value(_ line: Int) -> Double {
      switch kind {
      case .numbers(let values, _): values[line]
      case .words(_, let places): Double(places[line])
      }
    }
  }

  /// The heading.
  public var title: String
  /// A line below it.
  public var subtitle: String
  /// The axes from left to right, the result last.
  public var axes: [Axis]
  /// For each line how good its result is, 0 (light) to 1 (dark); not a number for a run without one, which is dashed.
  public var merits: [Double]

  /// A picture of lines over `axes`, which have a value for each of `merits`.
  public init(title: String, subtitle: String = "", axes: [Axis], merits: [Double]) {
    require(
      axes.allSatisfy { $0.count == merits.count },
      "axes of \(axes.map(\.count)) values for \(merits.count) lines")
    self.title = title
    self.subtitle = subtitle
    self.axes = axes
    self.merits = merits
  }

  /// Draws the picture into the bounds of `canvas`.
  public func draw(on canvas: Canvas) {
    var frame = canvas.heading(title, subtitle: subtitle)
    guard !axes.isEmpty, !merits.isEmpty else {
      canvas.text("no runs to show", frame.center, .center, .label)
      return
    }
    let line = canvas.height(of: .note)
    _ = frame.takeTop(line + 8)
    _ = frame.takeBottom(line)
    let band = frame.width / Double(axes.count)
    let places = axes.indices.map { frame.x + (Double($0) + 0.55) * band }
    // Light lines below dark ones: the best is seen whole.
    let order = merits.indices.sorted {
      (merits[$0].isNaN ? -1 : merits[$0], $0) < (merits[$1].isNaN ? -1 : merits[$1], $1)
    }
    for index in order { draw(line: index, at: places, in: frame, on: canvas, isBest: index == order.last) }
    for (axis, x) in zip(axes, places) { draw(axis, at: x, band, in: frame, on: canvas) }
  }

  private func draw(line index: Int, at places: [Double], in frame: Rect, on canvas: Canvas, isBest: Bool) {
    let merit = merits[index]
    let points = zip(axes, places).compactMap { axis, x in
      axis.scale.share(axis.value(index)).map { Point(x, frame.bottom - $0 * frame.height) }
    }
    guard !merit.isNaN else {
      canvas.polyline(points, Stroke(.gray(0.6), width: 0.8, dashes: [3, 2]))
      return
    }
    canvas.polyline(
      points, Stroke(ColorMap.sequential(0.2 + 0.8 * min(max(merit, 0), 1)), width: isBest ? 2.6 : 1.1))
  }

  private func draw(_ axis: Axis, at x: Double, _ band: Double, in frame: Rect, on canvas: Canvas) {
    canvas.line(Point(x, frame.y), Point(x, frame.bottom), Stroke(.gray(0.35), width: 1))
    canvas.text(axis.name, Point(x, frame.y - 6), .bottom, .note, maxLength: band - 8)
    for (value, label) in labels(of: axis, height: frame.height, canvas) {
      guard let share = axis.scale.share(value) else { continue }
      let y = frame.bottom - share * frame.height
      canvas.line(Point(x - 3, y), Point(x, y), Stroke(.gray(0.35), width: 0.8))
      let room = min(canvas.width(of: label, .note), band * 0.5 - 12)
      // Lines run behind labels: paper below them keeps both readable.
      let height = canvas.height(of: .note)
      canvas.rectangle(Rect(x - 6 - room, y - height / 2, room + 1, height), fill: .white)
      canvas.text(label, Point(x - 5, y), .right, .note, maxLength: room)
    }
  }

  /// What stands beside an axis, and where: as much as has room.
  private func labels(of axis: Axis, height: Double, _ canvas: Canvas) -> [(Double, String)] {
    let line = canvas.height(of: .note) + 2
    switch axis.kind {
    case .numbers:
      let ticks = axis.scale.ticks(atMost: max(2, Int(height / 34)), wholeNumbers: false)
      return Array(zip(ticks.values, ticks.labels))
    case .words(let words, _):
      let every = max(1, Int((line * Double(words.count) / max(height, 1)).rounded(.up)))
      return stride(from: 0, to: words.count, by: every).map { (Double($0), words[$0]) }
    }
  }
}
