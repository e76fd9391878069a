import CCairo

/// A text on a canvas and the box that it covers, in points of the whole sheet.
public struct PlacedText: Equatable, Sendable {
  /// The text as drawn, perhaps shortened.
  public let text: String
  /// The box from the font's ascent to its descent.
  public let box: Rect
}

/// Size, weight and colour of a text.
public struct TextStyle: Equatable, Sendable {
  /// Height of the type in points.
  public var size: Double
  /// Whether it is set in bold.
  public var isBold: Bool
  /// Its colour.
  public var color: Color

  /// Type of `size` points.
  public init(size: Double, isBold: Bool = false, color: Color = .black) {
    self.size = size
    self.isBold = isBold
    self.color = color
  }

  /// A figure's title.
  public static let title = TextStyle(size: 14, isBold: true)
  /// An axis label.
  public static let label = TextStyle(size: 11)
  /// Ticks, legends and captions.
  public static let note = TextStyle(size: 9.5)
}

/// The point of a text's box that is put on the given place: (0, 0) is its top left, (1, 1) its bottom right.
public struct Anchor: Equatable, Sendable {
  let x: Double
  let y: Double

  /// The middle of the box.
  public static let center = Anchor(x: 0.5, y: 0.5)
  /// The middle of its top edge: the text hangs below the place.
  public static let top = Anchor(x: 0.5, y: 0)
  /// The middle of its bottom edge: the text stands on the place.
  public static let bottom = Anchor(x: 0.5, y: 1)
  /// The middle of its left edge: the text runs to the right of the place.
  public static let left = Anchor(x: 0, y: 0.5)
  /// The middle of its right edge: the text ends at the place.
  public static let right = Anchor(x: 1, y: 0.5)
}

extension Canvas {
  /// Draws one line of text with its `anchor` on `place` and returns the box it covers.
  ///
  /// A text longer than `maxLength` is shortened with an ellipsis. With `upwards` it reads from bottom to top and
  /// the anchor is that of the turned box.
  @discardableResult
  public func text(
    _ text: String, _ place: Point, _ anchor: Anchor, _ style: TextStyle, maxLength: Double = .infinity,
    upwards: Bool = false
  ) -> Rect {
    let line = shortened(text, to: maxLength, style)
    guard !line.isEmpty else { return Rect(place.x, place.y, 0, 0) }
    let length = width(of: line, style)
    let metrics = fontExtents(style)
    let height = metrics.ascent + metrics.descent
    let (across, down) = upwards ? (height, length) : (length, height)
    let box = Rect(place.x - across * anchor.x, place.y - down * anchor.y, across, down)
    texts.append(PlacedText(text: line, box: onSheet(box)))
    setSource(style.color)
    cairo_save(context)
    if upwards {
      cairo_translate(context, box.x + metrics.ascent, box.bottom)
      cairo_rotate(context, -Double.pi / 2)
    } else {
      cairo_translate(context, box.x, box.y + metrics.ascent)
    }
    cairo_move_to(context, 0, 0)
    cairo_show_text(context, line)
    cairo_restore(context)
    cairo_new_path(context)
    return box
  }

  /// How long `text` is on one line, in points.
  public func width(of text: String, _ style: TextStyle) -> Double {
    select(style)
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, Canvas.printable(text), &extents)
    return extents.x_advance
  }

  /// The widest of `texts`, in points; 0 for none.
  public func width(ofWidest texts: [String], _ style: TextStyle) -> Double {
    texts.map { width(of: $0, style) }.max() ?? 0
  }

  /// How high a line is from ascent to descent, in points.
  public func height(of style: TextStyle) -> Double {
    let extents = fontExtents(style)
    return extents.ascent + extents.descent
  }

  /// `text` if it is at most `length` points long, else as much of its beginning and end as fits.
  ///
  /// Two thirds go to the beginning: names of one family often differ at the end. Empty when not even the ellipsis
  /// fits.
  public func shortened(_ text: String, to length: Double, _ style: TextStyle) -> String {
    let text = Canvas.printable(text)
    guard width(of: text, style) > length else { return text }
    let characters = Array(text)
    func both(_ count: Int) -> String {
      String(characters.prefix(count - count / 3)) + "…" + String(characters.suffix(count / 3))
    }
    var fits = -1
    var tooLong = characters.count
    while tooLong - fits > 1 {
      let middle = (fits + tooLong) / 2
      if width(of: both(middle), style) <= length { fits = middle } else { tooLong = middle }
    }
    return fits < 0 ? "" : both(fits)
  }

  /// `text` on one line: what cairo and XML cannot take (control characters, non-characters) becomes a space.
  static func printable(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          scalar.properties.generalCategory == .control || scalar.value & 0xFFFE == 0xFFFE ? " " : scalar
        }))
  }

  private func fontExtents(_ style: TextStyle) -> cairo_font_extents_t {
    select(style)
    var extents = cairo_font_extents_t()
    cairo_font_extents(context, &extents)
    return extents
  }

  private func select(_ style: TextStyle) {
    cairo_select_font_face(
      context, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
      style.isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(context, style.size)
  }
}
