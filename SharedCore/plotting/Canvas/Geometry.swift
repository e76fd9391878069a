/// A place on a canvas in points (1/72 inch); y grows downwards.
public struct Point: Equatable, Sendable {
  /// Distance from the left edge.
  public var x: Double
  /// Distance from the top edge.
  public var y: Double

  /// The place `x` points from the left and `y` points from the top.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// An upright rectangle on a canvas, in points.
///
/// Layouts are made by cutting: take the title from the top of what is left, the legend from its right, and draw
/// the data in the rest.
public struct Rect: Equatable, Sendable {
  /// The left edge.
  public var x: Double
  /// The top edge.
  public var y: Double
  /// The width, never negative.
  public var width: Double
  /// The height, never negative.
  public var height: Double

  /// The rectangle with its top left corner at (`x`, `y`); negative extents become zero.
  public init(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  /// The right edge.
  public var right: Double { x + width }
  /// The bottom edge.
  public var bottom: Double { y + height }
  /// The middle.
  public var center: Point { Point(x + width / 2, y + height / 2) }

  /// The rectangle without a margin of `amount` on every side.
  public func inset(by amount: Double) -> Rect {
    Rect(x + amount, y + amount, width - 2 * amount, height - 2 * amount)
  }

  /// Whether the two share more than an edge.
  public func overlaps(_ other: Rect) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom
  }

  /// Cuts `amount` off the top and returns it.
  public mutating func takeTop(_ amount: Double) -> Rect {
    let taken = Rect(x, y, width, min(amount, height))
    self = Rect(x, y + taken.height, width, height - taken.height)
    return taken
  }

  /// Cuts `amount` off the bottom and returns it.
  public mutating func takeBottom(_ amount: Double) -> Rect {
    let taken = Rect(x, bottom - min(amount, height), width, min(amount, height))
    height -= taken.height
    return taken
  }

  /// Cuts `amount` off the left and returns it.
  public mutating func takeLeft(_ amount: Double) -> Rect {
    let taken = Rect(x, y, min(amount, width), height)
    self = Rect(x + taken.width, y, width - taken.width, height)
    return taken
  }

  /// Cuts `amount` off the right and returns it.
  public mutating func takeRight(_ amount: Double) -> Rect {
    let taken = Rect(right - min(amount, width), y, min(amount, width), height)
    width -= taken.width
    return taken
  }
}
