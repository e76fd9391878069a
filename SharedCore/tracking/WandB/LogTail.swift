import Foundation

/// The lines that were added to a growing log file, without holding what was read before.
struct LogTail {
  /// A line without its line feed.
  struct Line: Equatable {
    /// When it was written, where it says; nil for a further line of a message.
    var time: Date?
    /// The rest of it.
    var text: String
  }

  private let url: URL
  private var offset: UInt64 = 0

  /// The tail of `url`, which need not exist yet.
  init(of url: URL) { self.url = url }

  /// The whole lines since the last call.
  mutating func newLines() -> [Line] {
    guard let file = try? FileHandle(forReadingFrom: url) else { return [] }
    defer { try? file.close() }
    guard (try? file.seek(toOffset: offset)) != nil, let data = try? file.readToEnd(),
      let end = data.lastIndex(of: UInt8(ascii: "\n"))
    else { return [] }
    let whole = data[...end]
    offset += UInt64(whole.count)
    return String(decoding: whole.dropLast(), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(Self.line)
  }

  /// `2026-11-21T06:21:33Z info epoch 1 ...`: the time and the level are taken off; a warning keeps its word.
  private static func line(_ text: Substring) -> Line {
    let words = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count == 3, words[0].utf8.count == 20, words[0].hasSuffix("Z"),
      let time = Timestamp.date(iso8601: words[0].dropLast() + ".000Z")
    else { return Line(time: nil, text: String(text)) }
    let isPlain = ["debug", "info", "notice"].contains(words[1])
    return Line(time: time, text: isPlain ? String(words[2]) : "\(words[1]): \(words[2])")
  }
}
