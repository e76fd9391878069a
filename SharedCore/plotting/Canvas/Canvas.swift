import CCairo
import Utils

/// A sheet that figures draw on, in points from its top left corner: a small readable face of cairo.
///
/// The same drawing code runs once on a canvas of pixels and once on a canvas of SVG. Coordinates must be finite.
public final class Canvas {
  /// The drawable area; its origin is the top left corner.
  public private(set) var bounds: Rect
  /// Every text drawn so far, with the box it covers on the whole sheet.
  public internal(set) var texts: [PlacedText] = []

  let context: OpaquePointer
  private let unit: Double

  /// A canvas on a cairo surface whose device units are `unit` to a point.
  init(_ surface: OpaquePointer, width: Double, height: Double, unit: Double) {
    bounds = Rect(0, 0, width, height)
    self.unit = unit
    context = cairo_create(surface)
    cairo_scale(context, unit, unit)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    let options = cairo_font_options_create()
    // Unhinted metrics: a text is as wide in the SVG as in the picture of pixels, so both have one layout.
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
  }

  deinit { cairo_destroy(context) }

  /// Fills the whole sheet.
  public func fill(_ color: Color) { rectangle(bounds, fill: color) }

  /// Draws a straight line.
  public func line(_ from: Point, _ to: Point, _ stroke: Stroke) { polyline([from, to], stroke) }

  /// Draws straight lines from each point to the next; a single point becomes a dot.
  public func polyline(_ points: [Point], _ stroke: Stroke) {
    guard let first = points.first else { return }
    cairo_set_line_cap(context, stroke.dashes.isEmpty ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
    // cairo's time grows with the crossings of one path: a dense zigzag is drawn ten times faster in pieces.
    let piece = stroke.dashes.isEmpty ? 64 : points.count
    for start in Swift.stride(from: 0, to: max(1, points.count - 1), by: piece) {
      trace(points[start..<min(start + piece + 1, points.count)])
      if points.count == 1 { cairo_line_to(context, first.x, first.y) }
      paint(fill: nil, stroke: stroke)
    }
  }

  /// Draws closed polygons as one shape; a loop that runs the other way round inside another cuts a hole.
  ///
  /// - Parameter opacity: how much of what lies below the filling hides, 0 to 1.
  public func polygons(
    _ loops: [[Point]], fill: Color? = nil, stroke: Stroke? = nil, opacity: Double = 1
  ) {
    for loop in loops {
      trace(loop)
      cairo_close_path(context)
    }
    paint(fill: fill, stroke: stroke, opacity: opacity)
  }

  /// Draws a rectangle.
  public func rectangle(_ rect: Rect, fill: Color? = nil, stroke: Stroke? = nil) {
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
    paint(fill: fill, stroke: stroke)
  }

  /// Draws a circle.
  public func circle(_ center: Point, radius: Double, fill: Color? = nil, stroke: Stroke? = nil) {
    cairo_new_sub_path(context)
    cairo_arc(context, center.x, center.y, radius, 0, 2 * Double.pi)
    paint(fill: fill, stroke: stroke)
  }

  /// Draws a marker of about `radius` points in `color`, edged so that it stands off from what lies below.
  public func marker(_ shape: Marker, _ at: Point, radius r: Double, _ color: Color) {
    let edge = Stroke(color.lightness > 65 ? .gray(0.25) : .white, width: 0.6)
    func polygon(_ offsets: [(Double, Double)]) {
      polygons([offsets.map { Point(at.x + $0.0 * r, at.y + $0.1 * r) }], fill: color, stroke: edge)
    }
    switch shape {
    case .circle: circle(at, radius: r, fill: color, stroke: edge)
    case .square: polygon([(-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)])
    case .triangle: polygon([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)])
    case .invertedTriangle: polygon([(0, 1.2), (1.1, -0.8), (-1.1, -0.8)])
    case .diamond: polygon([(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)])
    case .plus, .cross:
      let arm = [(-0.3, -1.2), (0.3, -1.2), (0.3, -0.3), (1.2, -0.3), (1.2, 0.3), (0.3, 0.3)]
      let plus = arm + arm.map { (-$0.0, -$0.1) }
      let turn = 0.5.squareRoot()
      polygon(shape == .plus ? plus : plus.map { (($0.0 - $0.1) * turn, ($0.0 + $0.1) * turn) })
    }
  }

  /// Runs `body` with everything outside `rect` cut off.
  public func clipped(to rect: Rect, _ body: () -> Void) {
    cairo_save(context)
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
    cairo_clip(context)
    body()
    cairo_restore(context)
  }

  /// Runs `body` on the part `rect` of this canvas as if it were a whole one, `scale` times smaller.
  public func scaled(by scale: Double, into rect: Rect, _ body: () -> Void) {
    let outer = bounds
    cairo_save(context)
    cairo_translate(context, rect.x, rect.y)
    cairo_scale(context, scale, scale)
    bounds = Rect(0, 0, rect.width / scale, rect.height / scale)
    body()
    bounds = outer
    cairo_restore(context)
  }

  /// Fills `rect` with a row-major grid of `width` colours a row, as hard-edged cells.
  public func image(_ pixels: [Color], width: Int, in rect: Rect) {
    require(
      width > 0 && pixels.count % width == 0, "image of \(pixels.count) pixels in rows of \(width)")
    let height = pixels.count / width
    guard height > 0, rect.width > 0, rect.height > 0 else { return }
    // Cells become blocks of pixels: some SVG viewers blur an enlarged image whatever the file asks for.
    let zoom = max(1, Int((max(rect.width / Double(width), rect.height / Double(height)) * 2).rounded(.up)))
    let columns = width * zoom
    let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(columns), Int32(height * zoom))
    defer { cairo_surface_destroy(surface) }
    guard let bytes = cairo_image_surface_get_data(surface) else { return }
    let stride = Int(cairo_image_surface_get_stride(surface))
    for row in 0..<height * zoom {
      (bytes + row * stride).withMemoryRebound(to: UInt32.self, capacity: columns) { line in
        let source = row / zoom * width
        for column in 0..<columns { line[column] = pixels[source + column / zoom].pixel }
      }
    }
    cairo_surface_mark_dirty(surface)
    cairo_save(context)
    cairo_translate(context, rect.x, rect.y)
    cairo_scale(context, rect.width / Double(columns), rect.height / Double(height * zoom))
    cairo_set_source_surface(context, surface, 0, 0)
    cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
    cairo_rectangle(context, 0, 0, Double(columns), Double(height * zoom))
    cairo_fill(context)
    cairo_restore(context)
  }

  /// Where `rect` of the present coordinates lies on the whole sheet, in points.
  func onSheet(_ rect: Rect) -> Rect {
    var (left, top, right, bottom) = (rect.x, rect.y, rect.right, rect.bottom)
    cairo_user_to_device(context, &left, &top)
    cairo_user_to_device(context, &right, &bottom)
    return Rect(left / unit, top / unit, (right - left) / unit, (bottom - top) / unit)
  }

  func setSource(_ color: Color) { cairo_set_source_rgb(context, color.red, color.green, color.blue) }

  private func trace(_ points: some Sequence<Point>) {
    for (index, point) in points.enumerated() {
      if index == 0 {
        cairo_move_to(context, point.x, point.y)
      } else {
        cairo_line_to(context, point.x, point.y)
      }
    }
  }

  private func paint(fill: Color?, stroke: Stroke?, opacity: Double = 1) {
    if let fill {
      cairo_set_source_rgba(context, fill.red, fill.green, fill.blue, opacity)
      cairo_fill_preserve(context)
    }
    if let stroke {
      setSource(stroke.color)
      cairo_set_line_width(context, stroke.width)
      cairo_set_dash(context, stroke.dashes, Int32(stroke.dashes.count), 0)
      cairo_stroke_preserve(context)
    }
    cairo_new_path(context)
  }
}
