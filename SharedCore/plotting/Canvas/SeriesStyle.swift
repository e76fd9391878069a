/// The shape that marks a point; classes and series differ in shape as well as in colour.
public enum Marker: Int, CaseIterable, Sendable {
  case circle, square, triangle, diamond, cross, invertedTriangle, plus

  /// The shape of series or class number `index`, counted round.
  public static func shape(_ index: Int) -> Marker { allCases[index % allCases.count] }
}

/// How an outline is drawn.
public struct Stroke: Sendable {
  /// Its colour.
  public var color: Color
  /// Its width in points.
  public var width: Double
  /// Lengths of dashes and gaps by turns, in points; empty for a solid line.
  public var dashes: [Double]

  /// A line of `width` points.
  public init(_ color: Color = .black, width: Double = 1, dashes: [Double] = []) {
    self.color = color
    self.width = width
    self.dashes = dashes
  }
}

/// What tells series number `index` from the others: eight colours, seven markers and five dash patterns, so that
/// the combination returns only after 280 series.
struct SeriesStyle {
  let color: Color
  let marker: Marker
  let dashes: [Double]

  init(_ index: Int) {
    let patterns: [[Double]] = [[], [6, 2.5], [1.5, 2], [8, 2.5, 1.5, 2.5], [3, 1.5]]
    color = Palette.color(index)
    marker = Marker.shape(index)
    dashes = patterns[index % patterns.count]
  }

  var stroke: Stroke { Stroke(color, width: 1.6, dashes: dashes) }
}
