/// A line of a legend: a small sample of how something is drawn, and its name.
struct LegendEntry {
  let name: String
  /// Draws the sample into the given box.
  let sample: (Canvas, Rect) -> Void
}

extension Canvas {
  /// Cuts a column for the legend off the right of `frame` and draws it; does nothing for no entries.
  ///
  /// Names longer than a third of the figure are shortened. What does not fit is counted in a last line.
  func legend(_ entries: [LegendEntry], in frame: inout Rect) {
    guard !entries.isEmpty else { return }
    let row = min(17, max(12, (frame.height - 8) / Double(entries.count)))
    let style = TextStyle(size: min(TextStyle.note.size, row * 0.72))
    let capacity = max(1, Int((frame.height - 8) / row))
    let shown = entries.count <= capacity ? entries.count : capacity - 1
    let sample = 26.0
    let names = entries.prefix(shown).map(\.name)
    let rest = shown < entries.count ? "and \(entries.count - shown) more" : ""
    let length = min(width(ofWidest: names + [rest], style), frame.width * 0.3)
    let column = frame.takeRight(length + sample + 18)
    let box = Rect(
      column.x + 8, column.y + height(of: .note) / 2, column.width - 8,
      Double(shown + (rest.isEmpty ? 0 : 1)) * row + 6)
    rectangle(box, fill: .white, stroke: Stroke(.gray(0.75), width: 0.6))
    for (index, entry) in entries.prefix(shown).enumerated() {
      let line = Rect(box.x + 5, box.y + 3 + Double(index) * row, box.width - 10, row)
      entry.sample(self, Rect(line.x, line.y + 1.5, sample - 4, row - 3))
      text(entry.name, Point(line.x + sample, line.center.y), .left, style, maxLength: length)
    }
    if !rest.isEmpty { text(rest, Point(box.x + 5 + sample, box.bottom - 3 - row / 2), .left, style) }
  }

  /// Draws a bar of colours with the numbers they stand for into `rect`; low at the bottom.
  func colorBar(_ map: ColorMap, values: ClosedRange<Double>, labels: Ticks, in rect: Rect) {
    colorBar(map, Scale(values), labels: labels, in: rect)
  }

  /// Draws a bar of colours with the places of `labels` on `scale` into `rect`; low at the bottom.
  func colorBar(_ map: ColorMap, _ scale: Scale, labels: Ticks, in rect: Rect) {
    let bar = Rect(rect.x, rect.y, 12, rect.height)
    let steps = 64
    let low = map == .diverging ? -1.0 : 0.0
    let colors = (0..<steps).map { map(1 - (1 - low) * Double($0) / Double(steps - 1)) }
    image(colors, width: 1, in: bar)
    rectangle(bar, stroke: Stroke(.gray(0.35), width: 0.8))
    for (value, label) in zip(labels.values, labels.labels) {
      let y = bar.bottom - (scale.share(value) ?? 0) * bar.height
      line(Point(bar.right, y), Point(bar.right + 3, y), Stroke(.gray(0.35), width: 0.8))
      text(label, Point(bar.right + 5, y), .left, .note)
    }
  }
}
