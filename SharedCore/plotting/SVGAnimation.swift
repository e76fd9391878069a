/// Several pictures in one SVG that shows them in turn, by style sheet and without a script.
struct SVGAnimation {
  let title: String
  let frames: [SVGDocument]
  let secondsPerFrame: Double

  /// The whole document.
  var bytes: [UInt8] {
    let groups = frames.enumerated().flatMap { index, frame in
      Array("<g class=\"frame\" id=\"frame\(index)\">\n".utf8) + frame.body + Array("</g>\n".utf8)
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
