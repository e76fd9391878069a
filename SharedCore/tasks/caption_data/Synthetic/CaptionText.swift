import CCairo
import Foundation
import Utils

/// A line of text drawn in the size of a crop: where its letters and their outline cover the picture, and its boxes.
struct CaptionText: Sendable {
  /// A character's place in pixels of the crop.
  struct Box: Equatable {
    let character: Character
    let x, y, width, height: Double
  }

  let width, height: Int
  /// [H, W] how much of each pixel the letters cover, and how much letters and outline do; 0 to 255.
  let letters, outline: [UInt8]
  /// The boxes of the characters that are not blank, in their order.
  let boxes: [Box]

  /// Draws `text` on one line, made narrower where it is longer than the crop; throws a `LabError` where cairo cannot.
  init(_ text: String, style: CaptionStyle, width: Int, height: Int) throws {
    (self.width, self.height) = (width, height)
    let margin = 0.02 * Double(width)
    let canvas = try TextCanvas(width: width, height: height)
    let size = style.size * Double(height)
    var stretch = style.stretch
    canvas.select(style, size: size, stretch: stretch)
    let natural = canvas.advance(of: text)
    let room = Double(width) - 2 * margin - size * 0.3
    if natural > room {
      stretch *= room / natural
      canvas.select(style, size: size, stretch: stretch)
    }
    let length = canvas.advance(of: text)
    let x =
      switch style.anchor {
      case .left: margin
      case .center: (Double(width) - length) / 2
      case .right: Double(width) - margin - length
      }
    // The middle of capital letters, 0.73 of the size high in these fonts, is in the middle of the crop.
    let y = Double(height) / 2 + 0.33 * size
    var (boxes, place): ([Box], Double) = ([], x)
    for character in text {
      let advance = canvas.advance(of: String(character))
      if !character.isWhitespace {
        let extents = canvas.extents(of: String(character))
        boxes.append(
          Box(
            character: character, x: place + extents.x_bearing, y: y + extents.y_bearing,
            width: extents.width,
            height: extents.height))
      }
      place += advance
    }
    self.boxes = boxes
    outline = try canvas.mask(text, x: x, y: y, outline: style.outline * size)
    letters = try canvas.mask(text, x: x, y: y, outline: 0)
  }
}

/// A picture of coverage that cairo draws on.
private final class TextCanvas {
  private let surface, context: OpaquePointer
  private let width, height: Int

  init(width: Int, height: Int) throws {
    guard let surface = cairo_image_surface_create(CAIRO_FORMAT_A8, Int32(width), Int32(height)),
      let context = cairo_create(surface)
    else { trap("no memory is left") }
    (self.surface, self.context, self.width, self.height) = (surface, context, width, height)
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    try check()
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// Leaning letters are leant here, so that no italic font need be installed.
  func select(_ style: CaptionStyle, size: Double, stretch: Double) {
    cairo_select_font_face(
      context, style.family.rawValue, CAIRO_FONT_SLANT_NORMAL,
      style.isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    var matrix = cairo_matrix_t()
    cairo_matrix_init(&matrix, size * stretch, 0, style.isSlanted ? -0.22 * size : 0, size, 0, 0)
    cairo_set_font_matrix(context, &matrix)
  }

  func extents(of text: String) -> cairo_text_extents_t {
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, text, &extents)
    return extents
  }

  func advance(of text: String) -> Double { extents(of: text).x_advance }

  /// [H, W] what the letters of `text`, with an outline of this width in pixels, cover.
  func mask(_ text: String, x: Double, y: Double, outline: Double) throws -> [UInt8] {
    cairo_set_operator(context, CAIRO_OPERATOR_CLEAR)
    cairo_paint(context)
    cairo_set_operator(context, CAIRO_OPERATOR_OVER)
    cairo_move_to(context, x, y)
    cairo_text_path(context, text)
    if outline > 0 {
      cairo_set_line_width(context, 2 * outline)
      cairo_stroke_preserve(context)
    }
    cairo_fill(context)
    cairo_surface_flush(surface)
    try check()
    guard let data = cairo_image_surface_get_data(surface) else { trap("a picture without pixels") }
    let stride = Int(cairo_image_surface_get_stride(surface))
    return (0..<height).flatMap { UnsafeBufferPointer(start: data + $0 * stride, count: width) }
  }

  private func check() throws {
    let status = cairo_status(context)
    guard status == CAIRO_STATUS_SUCCESS else {
      throw LabError(
        .data, "cairo could not draw a caption (\(String(cString: cairo_status_to_string(status))))",
        remedy: "install a font such as fonts-dejavu-core")
    }
  }
}
