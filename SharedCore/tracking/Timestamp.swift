import Foundation

/// Dates as text, by the C library: Foundation's formatters load the system's language data, which takes longer than
/// a small training.
public enum Timestamp {
  /// Local time in a folder's name: `20261121-062133`.
  static func folderName(_ date: Date) -> String {
    let t = local(date)
    return String(
      format: "%04d%02d%02d-%02d%02d%02d", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min,
      t.tm_sec)
  }

  /// Local time for a reader: `2026-11-21 06:21:33`.
  public static func readable(_ date: Date) -> String {
    let t = local(date)
    return String(
      format: "%04d-%02d-%02d %02d:%02d:%02d", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min,
      t.tm_sec)
  }

  /// ISO 8601 in UTC with milliseconds, which sorts as text: `2026-11-21T06:21:33.120Z`.
  public static func iso8601(_ date: Date) -> String {
    let milliseconds = Int((date.timeIntervalSince1970 * 1000).rounded(.down))
    let fraction = ((milliseconds % 1000) + 1000) % 1000
    var seconds = time_t((milliseconds - fraction) / 1000)
    var t = tm()
    gmtime_r(&seconds, &t)
    return String(
      format: "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
      t.tm_min,
      t.tm_sec, Int32(fraction))
  }

  /// The date that `iso8601` wrote, or nil if `text` is anything else.
  static func date(iso8601 text: String) -> Date? {
    let numbers = text.split { !("0"..."9" ~= $0) }.compactMap { Int32($0) }
    guard text.utf8.count == 24, text.hasSuffix("Z"), numbers.count == 7 else { return nil }
    var t = tm()
    (t.tm_year, t.tm_mon, t.tm_mday) = (numbers[0] - 1900, numbers[1] - 1, numbers[2])
    (t.tm_hour, t.tm_min, t.tm_sec) = (numbers[3], numbers[4], numbers[5])
    return Date(timeIntervalSince1970: Double(timegm(&t)) + Double(numbers[6]) / 1000)
  }

  private static func local(_ date: Date) -> tm {
    var seconds = time_t(date.timeIntervalSince1970.rounded(.down))
    var t = tm()
    localtime_r(&seconds, &t)
    return t
  }
}
