/// The SVG that cairo wrote, made repeatable and readable by machines.
///
/// cairo numbers its ids from a counter of the process; here they are numbered by their first appearance, behind a
/// prefix, so that the same figure gives the same bytes and several pictures can stand in one document. cairo draws
/// texts as outlines, which look the same everywhere; `<title>` and `<desc>` say them to screen readers and searches.
struct SVGDocument {
  /// What stands between `<svg ...>` and `</svg>`.
  let body: [UInt8]
  let title: String
  let texts: [String]
  let width: Double
  let height: Double

  /// Draws `figure`; every id in it begins with `prefix`.
  init(of figure: some Figure, prefix: String = "a") throws {
    let drawing = try Rendering.svg(of: figure)
    body = SVGDocument.renumbered(SVGDocument.inside(drawing.bytes), prefix: prefix)
    title = figure.title
    texts = drawing.texts.map(\.text)
    width = figure.size.width * 72
    height = figure.size.height * 72
  }

  /// The whole document.
  var bytes: [UInt8] {
    SVGDocument.head(width: width, height: height, title: title, description: texts) + body
      + Array("</svg>\n".utf8)
  }

  /// Everything that comes before the body; `texts` become the description, one a line.
  static func head(width: Double, height: Double, title: String, description texts: [String]) -> [UInt8] {
    Array(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" \
      width="\(width)pt" height="\(height)pt" viewBox="0 0 \(width) \(height)" version="1.1">
      <title>\(escaped(Canvas.printable(title)))</title>
      <desc>\(escaped(texts.joined(separator: "\n")))</desc>

      """.utf8)
  }

  /// `text` with the signs that mean something to XML written as entities.
  static func escaped(_ text: String) -> String {
    text.map { sign in
      switch sign {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      default: String(sign)
      }
    }.joined()
  }

  private static func inside(_ document: [UInt8]) -> [UInt8] {
    let opening = document.firstIndex(of: Array("<svg".utf8)) ?? 0
    let start = document[opening...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? 0
    let end = document.lastIndex(of: UInt8(ascii: "<")) ?? document.count
    return Array(document[start..<end])
  }

  /// `svg` with each id replaced by `prefix` and its rank of first appearance.
  private static func renumbered(_ svg: [UInt8], prefix: String) -> [UInt8] {
    let places: [(key: [UInt8], end: UInt8)] = [
      (Array("id=\"".utf8), UInt8(ascii: "\"")), (Array("href=\"#".utf8), UInt8(ascii: "\"")),
      (Array("url(#".utf8), UInt8(ascii: ")")),
    ]
    var names: [ArraySlice<UInt8>: [UInt8]] = [:]
    var result: [UInt8] = []
    result.reserveCapacity(svg.count)
    var index = 0
    while index < svg.count {
      let byte = svg[index]
      guard byte == UInt8(ascii: "i") || byte == UInt8(ascii: "h") || byte == UInt8(ascii: "u"),
        let place = places.first(where: { svg[index...].starts(with: $0.key) }),
        let end = svg[(index + place.key.count)...].firstIndex(of: place.end)
      else {
        result.append(byte)
        index += 1
        continue
      }
      let id = svg[(index + place.key.count)..<end]
      let name = names[id] ?? Array("\(prefix)\(names.count)".utf8)
      names[id] = name
      result += place.key + name
      index = end
    }
    return result
  }
}

extension [UInt8] {
  /// Where `pattern` begins for the first time.
  fileprivate func firstIndex(of pattern: [UInt8]) -> Int? {
    indices.first { self[$0] == pattern[0] && self[$0...].starts(with: pattern) }
  }
}
