import CCairo
import Utils

/// Bytes that cairo hands over while it writes a document.
private final class ByteSink {
  var bytes: [UInt8] = []

  static let append: cairo_write_func_t = { sink, data, count in
    guard let sink, let data else { return CAIRO_STATUS_WRITE_ERROR }
    let bytes = UnsafeBufferPointer(start: data, count: Int(count))
    Unmanaged<ByteSink>.fromOpaque(sink).takeUnretainedValue().bytes.append(contentsOf: bytes)
    return CAIRO_STATUS_SUCCESS
  }

  var pointer: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }
}

/// What one drawing left behind: the document's bytes and the texts in it.
struct Rendering {
  let bytes: [UInt8]
  let texts: [PlacedText]

  /// Pixels an inch of a PNG.
  static let resolution = 150.0

  /// Draws `figure` as a PNG.
  static func png(of figure: some Figure) throws -> Rendering {
    let unit = resolution / 72
    let surface = cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, Int32((figure.size.width * resolution).rounded()),
      Int32((figure.size.height * resolution).rounded()))
    return try drawing(figure, on: surface, unit: unit) { sink in
      cairo_surface_write_to_png_stream(surface, ByteSink.append, sink.pointer)
    }
  }

  /// Draws `figure` as the SVG that cairo writes.
  static func svg(of figure: some Figure) throws -> Rendering {
    let sink = ByteSink()
    let surface = cairo_svg_surface_create_for_stream(
      ByteSink.append, sink.pointer, figure.size.width * 72, figure.size.height * 72)
    return try withExtendedLifetime(sink) {
      let texts = try drawing(figure, on: surface, unit: 1) { _ in
        cairo_surface_finish(surface)
        return cairo_surface_status(surface)
      }.texts
      return Rendering(bytes: sink.bytes, texts: texts)
    }
  }

  private static func drawing(
    _ figure: some Figure, on surface: OpaquePointer?, unit: Double, finish: (ByteSink) -> cairo_status_t
  ) throws -> Rendering {
    defer { cairo_surface_destroy(surface) }
    let sink = ByteSink()
    var status = cairo_surface_status(surface)
    var texts: [PlacedText] = []
    if status == CAIRO_STATUS_SUCCESS, let surface {
      let canvas = Canvas(surface, width: figure.size.width * 72, height: figure.size.height * 72, unit: unit)
      canvas.fill(.white)
      figure.draw(on: canvas)
      texts = canvas.texts
      status = cairo_status(canvas.context)
    }
    if status == CAIRO_STATUS_SUCCESS { status = withExtendedLifetime(sink) { finish(sink) } }
    guard status == CAIRO_STATUS_SUCCESS else {
      throw LabError(
        .plotting,
        "cairo could not draw \"\(figure.title)\" (\(String(cString: cairo_status_to_string(status))))",
        remedy: "make the figure smaller or install a font such as fonts-dejavu-core")
    }
    return Rendering(bytes: sink.bytes, texts: texts)
  }
}
