import Utils

/// Bars over named categories: one group of bars a category, one colour and one legend line a group member.
public struct BarChart: Figure {
  /// Bars of one colour.
  public struct Group: Equatable, Sendable {
    /// What the legend says.
    public var name: String
    /// One value a category; one that is not finite has no bar.
    public var values: [Double]
    /// Half the length of each error bar; empty for none.
    public var errors: [Double]

    /// Bars of `values` with `errors`, which are empty or as many.
    public init(_ name: String, _ values: [Double], errors: [Double] = []) {
      require(
        errors.isEmpty || errors.count == values.count, "\(errors.count) errors of \(values.count) values")
      self.name = name
      self.values = values
      self.errors = errors
    }
  }

  /// The heading.
  public var title: String
  /// What runs upwards.
  public var yLabel: String
  /// What the categories are called.
  public var categories: [String]
  /// The bars.
  public var groups: [Group]
  /// Levels to compare with.
  public var references: [ReferenceLine]

  /// A chart with one value a category in each of `groups`.
  public init(
    title: String, yLabel: String, categories: [String], groups: [Group], references: [ReferenceLine] = []
  ) {
    require(
      groups.allSatisfy { $0.values.count == categories.count },
      "groups of \(groups.map(\.values.count)) values for \(categories.count) categories")
    self.title = title
    self.yLabel = yLabel
    self.categories = categories
    self.groups = groups
    self.references = references
  }

  /// Draws the picture into the bounds of `canvas`.
  public func draw(on canvas: Canvas) {
    var frame = canvas.heading(title)
    let entries = groups.enumerated().map(entry) + references.map(\.entry)
    if entries.count > 1 { canvas.legend(entries, in: &frame) }
    let area = canvas.axes(
      in: frame, x: Axis(label: "", scale: Scale(0...1), categories: categories.isEmpty ? [""] : categories),
      y: Axis(label: yLabel, scale: scale))
    guard !categories.isEmpty, !groups.isEmpty, let zero = area(0, 0)?.y else {
      canvas.text("no values to show", area.rect.center, .center, .label)
      return
    }
    let bars = Bars(area: area, zero: zero, categories: categories.count, groups: groups.count)
    canvas.clipped(to: area.rect) {
      for reference in references { reference.draw(on: canvas, in: area) }
      for (index, group) in groups.enumerated() { draw(group, index, bars, on: canvas) }
      canvas.line(Point(area.rect.x, zero), Point(area.rect.right, zero), Stroke(.gray(0.35), width: 0.8))
      drawLabels(bars, on: canvas)
    }
  }

  /// Every number that has to be on the axis: bars with their errors, levels, and 0.
  private var extent: [Double] {
    [0] + references.map(\.value)
      + groups.flatMap { group in
        group.values.enumerated().flatMap { index, value in
          let error = group.errors.isEmpty || !group.errors[index].isFinite ? 0 : group.errors[index]
          return [value - error, value + error]
        }
      }
  }

  /// Room for labels beyond the bars, but none beyond 0 where no bar goes.
  private var scale: Scale {
    let fitting = Scale(fitting: extent, margin: 0.09)
    let finite = extent.filter(\.isFinite)
    let low = finite.contains { $0 < 0 } ? fitting.range.lowerBound : 0
    let high = finite.contains { $0 > 0 } || low == 0 ? fitting.range.upperBound : 0
    return Scale(low...high)
  }

  private func entry(_ index: Int, _ group: Group) -> LegendEntry {
    LegendEntry(name: group.name) { canvas, box in
      canvas.rectangle(box, fill: Palette.color(index), stroke: Stroke(.gray(0.2), width: 0.6))
    }
  }

  private func draw(_ group: Group, _ index: Int, _ bars: Bars, on canvas: Canvas) {
    for (category, value) in group.values.enumerated() {
      guard let bar = bars.rect(category, index, value) else { continue }
      canvas.rectangle(bar, fill: Palette.color(index), stroke: Stroke(.gray(0.2), width: 0.6))
      guard let (low, high) = whisker(group, category, bars) else { continue }
      let middle = bar.center.x
      let cap = min(5, bar.width / 3)
      // A light line under the dark one: it must be seen on dark bars too.
      for stroke in [Stroke(.white, width: 2.6), Stroke(.black, width: 1.1)] {
        canvas.line(Point(middle, low), Point(middle, high), stroke)
        for y in [low, high] { canvas.line(Point(middle - cap, y), Point(middle + cap, y), stroke) }
      }
    }
  }

  private func whisker(_ group: Group, _ category: Int, _ bars: Bars) -> (low: Double, high: Double)? {
    guard !group.errors.isEmpty, group.errors[category] > 0,
      let low = bars.area(0, group.values[category] - group.errors[category]),
      let high = bars.area(0, group.values[category] + group.errors[category])
    else { return nil }
    return (low.y, high.y)
  }

  /// Writes each value beyond its bar if all of them fit side by side.
  private func drawLabels(_ bars: Bars, on canvas: Canvas) {
    let style = TextStyle(size: min(TextStyle.note.size, max(6.5, bars.width / 3)))
    let labels = groups.map { $0.values.map { Ticks.label($0) } }
    guard canvas.width(ofWidest: labels.flatMap { $0 }, style) + 2 <= bars.pitch else { return }
    for (index, group) in groups.enumerated() {
      for (category, value) in group.values.enumerated() {
        guard let bar = bars.rect(category, index, value) else { continue }
        let whisker = whisker(group, category, bars)
        let end =
          value >= 0 ? min(bar.y, whisker?.high ?? bar.y) : max(bar.bottom, whisker?.low ?? bar.bottom)
        canvas.text(
          labels[index][category], Point(bar.center.x, end + (value >= 0 ? -2 : 2)),
          value >= 0 ? .bottom : .top, style)
      }
    }
  }
}

/// Where the bars of a chart stand.
private struct Bars {
  let area: PlotArea
  let zero: Double
  let band: Double
  /// From one bar of a group to the next.
  let pitch: Double
  let width: Double

  init(area: PlotArea, zero: Double, categories: Int, groups: Int) {
    self.area = area
    self.zero = zero
    band = area.rect.width / Double(categories)
    pitch = min(band * 0.82 / Double(groups), 90)
    width = pitch * (groups > 1 ? 0.92 : 1)
    self.groups = groups
  }

  private let groups: Int

  func rect(_ category: Int, _ group: Int, _ value: Double) -> Rect? {
    guard let end = area(0, value)?.y else { return nil }
    let middle = area.rect.x + (Double(category) + 0.5) * band
    let left = middle + (Double(group) - Double(groups) / 2) * pitch + (pitch - width) / 2
    return Rect(left, min(end, zero), width, abs(end - zero))
  }
}
