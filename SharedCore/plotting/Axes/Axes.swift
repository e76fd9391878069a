/// One axis of a chart: its label and what its length means.
struct Axis {
  var label: String
  var scale: Scale
  /// No ticks between whole numbers: epochs.
  var wholeNumbers = false
  /// Names of equally wide bands, instead of ticks, when not empty.
  var categories: [String] = []
}

/// The rectangle in which data are drawn, and where each value lies in it.
struct PlotArea {
  let rect: Rect
  let x: Scale
  let y: Scale

  /// The place of (`x`, `y`); nil where one of them has none.
  func callAsFunction(_ x: Double, _ y: Double) -> Point? {
    guard let across = self.x.share(x), let up = self.y.share(y) else { return nil }
    return Point(rect.x + across * rect.width, rect.bottom - up * rect.height)
  }
}

extension Canvas {
  /// Draws title and subtitle and returns the room below them.
  func heading(_ title: String, subtitle: String = "") -> Rect {
    var rest = bounds.inset(by: 12)
    for (text, style) in [(title, TextStyle.title), (subtitle, TextStyle.note)] where !text.isEmpty {
      let line = rest.takeTop(height(of: style) + 3)
      self.text(text, Point(line.center.x, line.y), .top, style, maxLength: line.width)
    }
    _ = rest.takeTop(5)
    return rest
  }

  /// Draws frame, grid, ticks and labels of a chart into `frame` and returns where its data belong.
  func axes(in frame: Rect, x: Axis, y: Axis) -> PlotArea {
    let line = height(of: .note)
    let gap = 6.5
    var rest = frame
    let row = x.label.isEmpty ? nil : rest.takeBottom(height(of: .label) + 3)
    let column = y.label.isEmpty ? nil : rest.takeLeft(height(of: .label) + 6)
    _ = rest.takeTop(line / 2)
    _ = rest.takeRight(x.categories.isEmpty ? 14 : 2)

    let yTicks = y.scale.ticks(atMost: Int((rest.height - line) / 26), wholeNumbers: y.wholeNumbers)
    _ = rest.takeLeft(y.categories.isEmpty ? width(ofWidest: yTicks.labels, .note) + gap : 0)
    if !y.categories.isEmpty {
      let style = nameStyle(rest.height / Double(y.categories.count)).style
      _ = rest.takeLeft(min(width(ofWidest: y.categories, style), frame.width * 0.25) + gap)
    }
    // A wide band has room for most of a long name; a narrow one makes names stand upright.
    let band = rest.width / Double(max(1, x.categories.count))
    let turned = !x.categories.isEmpty && band < 90 && width(ofWidest: x.categories, .note) + 8 > band
    let style = nameStyle(band).style
    let room = turned ? min(width(ofWidest: x.categories, style), frame.height * 0.26) : line
    _ = rest.takeBottom(room + gap)

    if let column {
      text(
        y.label, Point(column.x, rest.center.y), .left, .label, maxLength: rest.height, upwards: true)
    }
    if let row {
      text(x.label, Point(rest.center.x, row.bottom), .bottom, .label, maxLength: rest.width)
    }
    let area = PlotArea(rect: rest, x: x.scale, y: y.scale)
    if y.categories.isEmpty {
      drawRows(yTicks, area, gap)
    } else {
      drawRowNames(y.categories, rest, gap, room: rest.x - gap - frame.x - (column?.width ?? 0))
    }
    if x.categories.isEmpty {
      drawColumns(columnTicks(x, area), area, gap)
    } else {
      drawColumnNames(x.categories, rest, gap, room: room, turned: turned)
    }
    rectangle(rest, stroke: Stroke(.gray(0.35), width: 0.8))
    return area
  }

  private static let grid = Stroke(.gray(0.88), width: 0.6)
  private static let tick = Stroke(.gray(0.35), width: 0.8)

  private func drawRows(_ ticks: Ticks, _ area: PlotArea, _ gap: Double) {
    for (value, label) in zip(ticks.values, ticks.labels) {
      guard let place = area(area.x.range.lowerBound, value) else { continue }
      line(place, Point(area.rect.right, place.y), Canvas.grid)
      line(place, Point(place.x - 3, place.y), Canvas.tick)
      text(label, Point(place.x - gap, place.y), .right, .note)
    }
  }

  /// The most ticks whose labels stand at least 10 points apart.
  private func columnTicks(_ axis: Axis, _ area: PlotArea) -> Ticks {
    for limit in stride(from: max(2, Int(area.rect.width / 36)), through: 2, by: -1) {
      let ticks = axis.scale.ticks(atMost: limit, wholeNumbers: axis.wholeNumbers)
      var edge = -Double.infinity
      let isClear = zip(ticks.values, ticks.labels).allSatisfy { value, label in
        let half = width(of: label, .note) / 2
        let middle = (axis.scale.share(value) ?? 0) * area.rect.width
        defer { edge = middle + half }
        return middle - half >= edge + 10
      }
      if isClear { return ticks }
    }
    let ticks = axis.scale.ticks(atMost: 2, wholeNumbers: axis.wholeNumbers)
    return Ticks(values: Array(ticks.values.prefix(1)), labels: Array(ticks.labels.prefix(1)))
  }

  private func drawColumns(_ ticks: Ticks, _ area: PlotArea, _ gap: Double) {
    for (value, label) in zip(ticks.values, ticks.labels) {
      guard let place = area(value, area.y.range.lowerBound) else { continue }
      line(place, Point(place.x, area.rect.y), Canvas.grid)
      line(place, Point(place.x, place.y + 3), Canvas.tick)
      text(label, Point(place.x, place.y + gap), .top, .note)
    }
  }
}

// MARK: Names of bands

extension Canvas {
  /// The type for names on bands of `band` points and how many bands lie from one name to the next.
  private func nameStyle(_ band: Double) -> (style: TextStyle, every: Int) {
    let style = TextStyle(size: min(TextStyle.note.size, max(6, band / 1.25)))
    return (style, max(1, Int((height(of: style) / max(band, 0.01)).rounded(.up))))
  }

  private func drawColumnNames(_ names: [String], _ rect: Rect, _ gap: Double, room: Double, turned: Bool) {
    let band = rect.width / Double(names.count)
    let (style, every) = turned ? nameStyle(band) : (.note, 1)
    for index in stride(from: 0, to: names.count, by: every) {
      let place = Point(rect.x + (Double(index) + 0.5) * band, rect.bottom + gap)
      text(names[index], place, .top, style, maxLength: turned ? room : band - 8, upwards: turned)
    }
  }

  private func drawRowNames(_ names: [String], _ rect: Rect, _ gap: Double, room: Double) {
    let band = rect.height / Double(names.count)
    let (style, every) = nameStyle(band)
    for index in stride(from: 0, to: names.count, by: every) {
      let place = Point(rect.x - gap, rect.y + (Double(index) + 0.5) * band)
      text(names[index], place, .right, style, maxLength: room)
    }
  }
}
