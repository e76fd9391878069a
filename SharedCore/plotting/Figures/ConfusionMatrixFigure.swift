import Utils

/// How often each true class (row) was taken for each class (column).
///
/// Darkness is the share of the row. Cells show the count and the row's percentage where there is room; the picture
/// grows with the number of classes, so that a hundred can still be told apart.
public struct ConfusionMatrixFigure: Figure {
  /// The heading.
  public var title: String
  /// Row by true class, column by predicted class.
  public let counts: [[Int]]
  /// What the classes are called.
  public let classNames: [String]

  /// A picture of a square matrix of `counts`, none negative, with as many `classNames` as rows.
  public init(title: String, counts: [[Int]], classNames: [String]) {
    require(
      !counts.isEmpty && counts.allSatisfy { $0.count == counts.count } && classNames.count == counts.count,
      "confusion matrix of \(counts.count) rows with \(classNames.count) names")
    require(counts.allSatisfy { $0.allSatisfy { $0 >= 0 } }, "a negative count in a confusion matrix")
    self.title = title
    self.counts = counts
    self.classNames = classNames
  }

  /// 10 by 6 inches, more for more than about thirty classes.
  public var size: FigureSize {
    let side = Double(counts.count) * 0.14
    return FigureSize(width: max(10, side + 3), height: max(6, side + 2))
  }

  /// Draws the picture into the bounds of `canvas`.
  public func draw(on canvas: Canvas) {
    let total = counts.joined().reduce(0.0) { $0 + Double($1) }
    let right = counts.indices.reduce(0.0) { $0 + Double(counts[$1][$1]) }
    var frame = canvas.heading(
      title, subtitle: total > 0 ? "\(percent(right, of: total)) on the diagonal" : "")
    var bar = frame.takeRight(62)
    _ = bar.takeTop(20)
    let bands = Scale(0...1)
    let area = canvas.axes(
      in: frame, x: Axis(label: "predicted class", scale: bands, categories: classNames),
      y: Axis(label: "true class", scale: bands, categories: classNames))
    let labels = Ticks(values: [0, 0.25, 0.5, 0.75, 1], labels: ["0 %", "25 %", "50 %", "75 %", "100 %"])
    canvas.colorBar(
      .sequential, values: 0...1, labels: labels, in: Rect(bar.x + 8, area.rect.y, 12, area.rect.height))
    drawCells(on: canvas, in: area.rect)
  }

  private func drawCells(on canvas: Canvas, in rect: Rect) {
    let shares = counts.map { row in
      let sum = row.reduce(0.0) { $0 + Double($1) }
      return row.map { sum > 0 ? Double($0) / sum : 0 }
    }
    canvas.image(shares.joined().map { ColorMap.sequential($0) }, width: counts.count, in: rect)
    canvas.rectangle(rect, stroke: Stroke(.gray(0.35), width: 0.8))
    let across = rect.width / Double(counts.count)
    let down = rect.height / Double(counts.count)
    let labels = counts.map { $0.map(count) }
    guard let style = numberStyle(labels.flatMap { $0 }, across, down, canvas) else { return }
    let line = canvas.height(of: style)
    let small = TextStyle(size: style.size * 0.8)
    let hasPercentages =
      down > line + canvas.height(of: small) + 2 && canvas.width(of: "100 %", small) + 4 < across
    for (row, shares) in shares.enumerated() {
      for (column, share) in shares.enumerated() where counts[row][column] > 0 || counts.count <= 12 {
        let center = Point(rect.x + (Double(column) + 0.5) * across, rect.y + (Double(row) + 0.5) * down)
        var (style, small) = (style, small)
        style.color = ColorMap.sequential(share).readableInk
        small.color = style.color
        let isPair = hasPercentages && counts[row][column] > 0
        canvas.text(labels[row][column], center, isPair ? .bottom : .center, style)
        if isPair {
          canvas.text(percent(share, of: 1), center, .top, small)
        }
      }
    }
  }

  /// The largest type of 6 to 11 points in which the widest number fits into a cell.
  private func numberStyle(
    _ labels: [String], _ across: Double, _ down: Double, _ canvas: Canvas
  ) -> TextStyle? {
    stride(from: 11.0, through: 6, by: -0.5).lazy.map { TextStyle(size: $0) }.first {
      canvas.width(ofWidest: labels, $0) + 3 <= across && canvas.height(of: $0) <= down
    }
  }

  private func count(_ number: Int) -> String { number < 100_000 ? "\(number)" : Ticks.label(Double(number)) }

  private func percent(_ part: Double, of whole: Double) -> String {
    let tenths = (part / whole * 1000).rounded()
    // 99.96 % is not 100 %: only a complete row says so.
    let shown = tenths == 1000 && part < whole ? 999 : tenths
    return shown >= 1000 ? "100 %" : "\(Int(shown) / 10).\(Int(shown) % 10) %"
  }
}
