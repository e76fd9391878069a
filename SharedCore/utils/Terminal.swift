import Foundation

/// What the process writes to: a person's terminal, or a file or pipe.
public enum Terminal {
  /// Standard output is a terminal.
  public static let showsOutput = isatty(STDOUT_FILENO) == 1

  /// Standard error is a terminal: progress bars may be drawn.
  public static let showsErrors = isatty(STDERR_FILENO) == 1

  /// Colours are welcome on standard output: a terminal, and `NO_COLOR` is not set.
  public static let usesColor = showsOutput && allowsColor

  private static let allowsColor =
    (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// `warning:`, in yellow where standard error, to which warnings go, shows colours.
  static let warningMark = showsErrors && allowsColor ? "\u{1B}[33mwarning:\u{1B}[0m" : "warning:"

  /// How many letters a line of standard output has: the terminal's width, `COLUMNS`, else 100.
  public static var columns: Int {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }.map { max($0, 20) } ?? 100
  }

  /// `text` in bold where colours are welcome.
  public static func bold(_ text: String) -> String { usesColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  /// `text` in green where colours are welcome.
  public static func green(_ text: String) -> String { usesColor ? "\u{1B}[32m\(text)\u{1B}[0m" : text }

  /// `text` in yellow where colours are welcome.
  public static func yellow(_ text: String) -> String { usesColor ? "\u{1B}[33m\(text)\u{1B}[0m" : text }

  /// Writes `text` to standard error as it is.
  public static func writeError(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
