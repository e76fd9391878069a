import Utils

/// Receiver operating characteristic: the positives found against the false alarms, as the threshold falls.
///
/// Fawcett, "An introduction to ROC analysis", 2006.
public struct ROCFigure: Figure {
  /// The curve of one classifier or of one class against the rest.
  public struct Curve: Equatable, Sendable {
    /// What the legend says before the area.
    public var name: String
    /// Shares of false alarms, rising from 0 to 1.
    public var falsePositiveRates: [Double]
    /// Shares of positives found; as many.
    public var truePositiveRates: [Double]
    /// The area under the curve, 0 to 1.
    public var area: Double

    /// A curve with its area.
    public init(_ name: String, falsePositiveRates: [Double], truePositiveRates: [Double], area: Double) {
      require(
        falsePositiveRates.count == truePositiveRates.count,
        "\(falsePositiveRates.count) false and \(truePositiveRates.count) true positive rates")
      self.name = name
      self.falsePositiveRates = falsePositiveRates
      self.truePositiveRates = truePositiveRates
      self.area = area
    }
  }

  /// The heading.
  public var title: String
  /// The curves.
  public var curves: [Curve]

  /// A picture of `curves` over the diagonal of guessing.
  public init(title: String, curves: [Curve]) {
    self.title = title
    self.curves = curves
  }

  /// Draws the picture into the bounds of `canvas`.
  public func draw(on canvas: Canvas) {
    var frame = canvas.heading(title)
    let guessing = Stroke(.gray(0.45), width: 1.1, dashes: [2, 2])
    let entries = curves.enumerated().map { index, curve in
      canvas.entry("AUC \(auc(curve.area))  \(curve.name)", SeriesStyle(index))
    }
    let chance = LegendEntry(name: "guessing") { canvas, box in
      canvas.line(Point(box.x, box.bottom), Point(box.right, box.y), guessing)
    }
    canvas.legend(entries + [chance], in: &frame)
    let scale = Scale(-0.02...1.02)
    let area = canvas.axes(
      in: frame, x: Axis(label: "false positive rate", scale: scale),
      y: Axis(label: "true positive rate", scale: scale))
    canvas.clipped(to: area.rect) {
      if let low = area(0, 0), let high = area(1, 1) { canvas.line(low, high, guessing) }
      for (index, curve) in curves.enumerated() {
        let series = Series(curve.name, xs: curve.falsePositiveRates, ys: curve.truePositiveRates)
        canvas.curve(series, in: area, SeriesStyle(index), phase: index)
      }
    }
  }

  /// Three decimals, but never 1.000 for less than 1.
  private func auc(_ area: Double) -> String {
    guard area.isFinite else { return "–" }
    let thousandths = Int((min(max(area, 0), 1) * 1000).rounded())
    if thousandths == 1000 { return area >= 1 ? "1.000" : "0.999" }
    return "0." + String(String(1000 + thousandths).dropFirst())
  }
}
