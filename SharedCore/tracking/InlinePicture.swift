import Foundation

/// The picture at `url` inside the page: an SVG as elements, a PNG as base64; `number` makes its ids unique.
func pictureElement(_ url: URL, number: Int) -> String {
  let name = escaped(url.deletingPathExtension().lastPathComponent.replacing("_", with: " "))
  let content: String?
  switch url.pathExtension.lowercased() {
  case "svg": content = (try? Data(contentsOf: url)).flatMap { inlineSVG(Array($0), prefix: "p\(number)-") }
  case "png":
    content = (try? Data(contentsOf: url)).map {
      "<img alt=\"\(name)\" src=\"data:image/png;base64,\($0.base64EncodedString())\">"
    }
  default: content = nil
  }
  let missing = "<p>The picture \(escaped(url.lastPathComponent)) cannot be shown.</p>"
  return "<figure>\n\(content ?? missing)\n<figcaption>\(name)</figcaption>\n</figure>\n"
}

/// The `<svg>` element of a file, with `prefix` before each of its ids; nil if there is none or it brings a script.
///
/// Ids are shared by a whole page: two of cairo's pictures both define `glyph-0-0`, and the second would be drawn with
/// the first one's letters.
func inlineSVG(_ file: [UInt8], prefix: String) -> String? {
  let text = String(decoding: file, as: UTF8.self)
  guard let start = text.range(of: "<svg"), let end = text.range(of: "</svg>", options: .backwards),
    start.lowerBound < end.lowerBound, text.range(of: "<script", options: .caseInsensitive) == nil
  else { return nil }
  return prefixed(Array(text[start.lowerBound..<end.upperBound].utf8), prefix)
}

/// `svg` with `prefix` after each ` id="`, `href="#` and `url(#`: one pass over the bytes, for a picture may be large.
private func prefixed(_ svg: [UInt8], _ prefix: String) -> String {
  let marks = [" id=\"", "href=\"#", "url(#"].map { Array($0.utf8) }
  var result: [UInt8] = []
  result.reserveCapacity(svg.count + svg.count / 8)
  var index = 0
  while index < svg.count {
    let mark = marks.first { $0[0] == svg[index] && svg[index...].starts(with: $0) }
    guard let mark else {
      result.append(svg[index])
      index += 1
      continue
    }
    result += mark
    result += prefix.utf8
    index += mark.count
  }
  return String(decoding: result, as: UTF8.self)
}
