import Utils

/// One thing about an experiment that a person may change: its key, its value, what it means and what it may be.
public struct Setting: Sendable {
  /// What values are allowed.
  public enum Domain: Sendable {
    case whole(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case choice([String])
    case flag
    /// Whole numbers with hyphens between them: the widths of layers.
    case widths(ClosedRange<Int>)
  }

  /// The key, in snake_case: `learning_rate`.
  public let key: String
  /// The value, the experiment's default until it is changed.
  public internal(set) var value: JSONValue
  /// What it means, with its unit.
  public let help: String
  /// What it may be; besides, `none` when `isOptional`.
  public let domain: Domain
  /// `none` is a value too.
  public let isOptional: Bool
  /// For each word of a preset, the settings that it gives another default, by key and as text.
  public private(set) var presets: [String: [String: String]] = [:]

  /// A whole number; where the default is nil it may be `none`.
  public static func whole(_ key: String, _ value: Int?, in range: ClosedRange<Int>, _ help: String)
    -> Setting
  {
    Setting(
      key: key, value: value.map { .integer(Int64($0)) } ?? nil, help: help, domain: .whole(range),
      isOptional: value == nil)
  }

  /// A number; where the default is nil it may be `none`.
  public static func number(_ key: String, _ value: Double?, in range: ClosedRange<Double>, _ help: String)
    -> Setting
  {
    Setting(
      key: key, value: value.map(JSONValue.number) ?? nil, help: help, domain: .number(range),
      isOptional: value == nil)
  }

  /// One of some words.
  public static func choice(_ key: String, _ value: String, of words: [String], _ help: String) -> Setting {
    require(words.contains(value), "\(value) is not one of the choices of \(key)")
    return Setting(key: key, value: .string(value), help: help, domain: .choice(words), isOptional: false)
  }

  /// One of some words, each of which gives other settings of the experiment the values that go with it, unless they are
  /// given themselves: `era=original` brings back the optimiser and the schedule of its time.
  ///
  /// - Parameter words: for each word the settings that it changes, as they would be typed.
  public static func preset(
    _ key: String, _ value: String, of words: [String: [String: String]], _ help: String
  ) -> Setting {
    var setting = choice(key, value, of: words.keys.sorted(), help)
    setting.presets = words
    return setting
  }

  /// The preset `era`, which every model has whose paper trained otherwise than we do today: `modern`, unless it is asked
  /// for `original`.
  ///
  /// - Parameter recipe: the settings that `era=original` changes, as they would be typed.
  public static func era(original recipe: [String: String]) -> Setting {
    preset(
      "era", "modern", of: ["modern": [:], "original": recipe],
      "whose recipe: of the paper, or of today")
  }

  /// The widths of layers, written as in papers: `300-100`, or `none`.
  public static func widths(_ key: String, _ value: [Int], in range: ClosedRange<Int>, _ help: String)
    -> Setting
  {
    Setting(
      key: key, value: value.isEmpty ? nil : .string(value.map(String.init).joined(separator: "-")),
      help: help, domain: .widths(range), isOptional: true)
  }

  /// True or false.
  public static func flag(_ key: String, _ value: Bool, _ help: String) -> Setting {
    Setting(key: key, value: .bool(value), help: help, domain: .flag, isOptional: false)
  }

  /// The same setting, which may also be `none`.
  func orNone() -> Setting { Setting(key: key, value: value, help: help, domain: domain, isOptional: true) }

  /// What it may be, in words: "a whole number from 1 to 1000000".
  public var allowed: String {
    let words =
      switch domain {
      case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
      case .number(let range): "a number from \(brief(range.lowerBound)) to \(brief(range.upperBound))"
      case .choice(let words): "one of " + words.joined(separator: ", ")
      case .flag: "true or false"
      case .widths(let range):
        "whole numbers from \(range.lowerBound) to \(range.upperBound) with hyphens between them, such as 300-100"
      }
    return isOptional ? words + ", or none" : words
  }

  /// The value that `text` means here; nil when it may not be.
  func parsed(_ text: String) -> JSONValue? {
    if isOptional, ["none", "null"].contains(text) { return JSONValue.null }
    switch domain {
    case .whole(let range): return Int(text).flatMap { range.contains($0) ? .integer(Int64($0)) : nil }
    case .number(let range): return Double(text).flatMap { range.contains($0) ? .number($0) : nil }
    case .choice(let words): return words.contains(text) ? .string(text) : nil
    case .widths(let range):
      let widths = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      let isGood = widths.count <= 100 && widths.allSatisfy { $0.map(range.contains) ?? false }
      return isGood ? .string(widths.compactMap { $0.map(String.init) }.joined(separator: "-")) : nil
    case .flag: return ["true": true, "false": false][text].map(JSONValue.bool)
    }
  }

  private func brief(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e6 ? "\(Int(number))" : "\(number)"
  }
}
