/// A bar on the terminal for work that takes longer than a moment: how far, how fast, how long still.
///
/// Drawn on standard error at most ten times a second, not in the first second, and not at all where that is no
/// terminal.
public struct ProgressBar {
  private let title: String
  private let total: Int
  private let unit: String
  private let clock = Stopwatch()
  private var lastDrawn = 0.0

  /// A bar for `total` pieces of work, such as "batches".
  public init(_ title: String, total: Int, unit: String) {
    self.title = title
    self.total = max(total, 1)
    self.unit = unit
  }

  /// `done` pieces are done; `note` stands at the end of the line.
  public mutating func show(_ done: Int, note: @autoclosure () -> String = "") {
    guard Terminal.showsErrors else { return }
    let seconds = clock.seconds
    guard seconds > 1, seconds - lastDrawn > 0.1 else { return }
    lastDrawn = seconds
    Terminal.writeError("\r\u{1B}[K" + line(done, seconds: seconds, note: note()))
  }

  /// Wipes the bar away.
  public func clear() {
    if lastDrawn > 0 { Terminal.writeError("\r\u{1B}[K") }
  }

  func line(_ done: Int, seconds: Double, note: String) -> String {
    let share = min(Double(done) / Double(total), 1)
    let filled = Int(share * 24)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
    let rate = Double(done) / max(seconds, 1e-9)
    let left = rate > 0 ? clockText(Double(max(total - done, 0)) / rate) : "?"
    return "\(title) \(bar) \(done)/\(total) \(unit), \(compact(rate))/s, \(left) left  \(note)"
  }
}

/// Seconds as people say them: `85 µs`, `12 ms`, `3.4 s`, `2:05 min`, `1:02:05 h`.
public func durationText(_ seconds: Double) -> String {
  switch seconds {
  case ..<0.000_999_5: return "\(compact(seconds * 1e6)) µs"
  case ..<0.9995: return "\(compact(seconds * 1000)) ms"
  case ..<59.95: return "\(compact(seconds)) s"
  case ..<3599.5: return clockText(seconds) + " min"
  default: return clockText(seconds) + " h"
  }
}

private func clockText(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e7 else { return "?" }
  let whole = Int(seconds.rounded())
  func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
  return whole >= 3600
    ? "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))" : "\(whole / 60):\(two(whole % 60))"
}

/// A number with three digits, and no fewer than stand before its point: `0.0123`, `4.57`, `128`, `13712`.
public func compact(_ number: Double) -> String {
  guard number.isFinite, number != 0 else { return number == 0 ? "0" : "\(number)" }
  var scale = 1.0
  var digits = 0
  while abs(number) * scale < 100, digits < 6 {
    scale *= 10
    digits += 1
  }
  let rounded = (number * scale).rounded() / scale
  return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
}
