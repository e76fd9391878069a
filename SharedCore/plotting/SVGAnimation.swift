/// Several pictures in one SVG that shows them in turn, by style sheet and without a script.
struct SVGAnimation {
  let title: String
  let frames: [SVGDocument]
  let secondsPerFrame: Double

  /// The whole document.
  var bytes: [UInt8] {
    var glyphs = SharedGlyphs()
    let groups = frames.enumerated().flatMap { index, frame in
      Array("<g class=\"frame\" id=\"frame\(index)\">\n".utf8) + glyphs.merged(frame.body)
        + Array("</g>\n".utf8)
    }
    let head = SVGDocument.head(
      width: frames.map(\.width).max() ?? 72, height: frames.map(\.height).max() ?? 72, title: title,
      description: frames.map(\.title))
    return head + Array(style.utf8) + groups + Array("</svg>\n".utf8)
  }

  /// Every frame has its turn of the cycle by a delay; the last one gets three turns.
  private var style: String {
    let turns = Double(frames.count + 2)
    let seconds = turns * secondsPerFrame
    let last = max(0, frames.count - 1)
    let delays = frames.indices.map { index in
      "#frame\(index) { animation-delay: \(Double(index) * secondsPerFrame - seconds)s }"
    }
    return """
      <style>
      .frame { visibility: hidden; animation: turn \(seconds)s step-end infinite }
      @keyframes turn { 0% { visibility: visible } \(100 / turns)% { visibility: hidden } }
      @keyframes stay { 0% { visibility: visible } \(300 / turns)% { visibility: hidden } }
      \(delays.joined(separator: "\n"))
      #frame\(last) { visibility: visible; animation-name: stay }
      @media (prefers-reduced-motion: reduce) { .frame { animation: none } }
      </style>

      """
  }
}

/// The outlines of letters that earlier frames have already defined: half of a picture's bytes.
private struct SharedGlyphs {
  /// The id under which each outline was defined first.
  private var ids: [ArraySlice<UInt8>: ArraySlice<UInt8>] = [:]

  /// `body` without definitions of known outlines, and with its references led to the known ones.
  ///
  /// cairo writes a definition as three lines: `<symbol ... id="...">` (1.16) or `<g id="...">` (1.18), one path,
  /// and the end. Anything else stays as it is.
  mutating func merged(_ body: [UInt8]) -> [UInt8] {
    let lines = body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var known: [ArraySlice<UInt8>: ArraySlice<UInt8>] = [:]
    var result: [UInt8] = []
    result.reserveCapacity(body.count)
    var index = 0
    while index < lines.count {
      if index + 2 < lines.count, let id = definedGlyph(lines[index...index + 2]) {
        if let first = ids[lines[index + 1]] {
          known[id] = first
          index += 3
          continue
        }
        ids[lines[index + 1]] = id
      }
      result += redirected(lines[index], known)
      if index < lines.count - 1 { result.append(UInt8(ascii: "\n")) }
      index += 1
    }
    return result
  }

  private func definedGlyph(_ lines: ArraySlice<ArraySlice<UInt8>>) -> ArraySlice<UInt8>? {
    let (open, path, close) = (
      lines[lines.startIndex], lines[lines.startIndex + 1], lines[lines.startIndex + 2]
    )
    let isSymbol = open.starts(with: "<symbol ".utf8) && close.elementsEqual("</symbol>".utf8)
    let isGroup = open.starts(with: "<g id=".utf8) && close.elementsEqual("</g>".utf8)
    guard isSymbol || isGroup, path.starts(with: "<path ".utf8), path.suffix(2).elementsEqual("/>".utf8)
    else {
      return nil
    }
    return quoted(after: "id=\"", in: open)
  }

  private func redirected(
    _ line: ArraySlice<UInt8>, _ known: [ArraySlice<UInt8>: ArraySlice<UInt8>]
  ) -> ArraySlice<UInt8> {
    guard line.drop(while: { $0 == UInt8(ascii: " ") }).starts(with: "<use ".utf8),
      let id = quoted(after: "href=\"#", in: line), let first = known[id]
    else {
      return line
    }
    return line[..<id.startIndex] + first + line[id.endIndex...]
  }

  /// What stands between `key` and the next quotation mark.
  private func quoted(after key: String, in line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let key = Array(key.utf8)
    guard let start = line.indices.first(where: { line[$0...].starts(with: key) }),
      let end = line[(start + key.count)...].firstIndex(of: UInt8(ascii: "\""))
    else { return nil }
    return line[(start + key.count)..<end]
  }
}
