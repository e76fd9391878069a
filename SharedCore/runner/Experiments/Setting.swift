import Utils

/// One thing about an experiment that a person may change: its key, its value, what it means and what it may be.
public struct Setting: Sendable {
  /// The key, in snake_case: `learning_rate`; in a group with a point before it: `loss.gamma`.
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
  /// Why some values are refused that a person might expect.
  private(set) var refusals: [String: String] = [:]

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

  /// Any text; where the default is nil it may be `none`.
  public static func text(_ key: String, _ value: String?, _ help: String) -> Setting {
    Setting(
      key: key, value: value.map(JSONValue.string) ?? nil, help: help, domain: .text, isOptional: value == nil
    )
  }

  /// A value of any domain; traps when the default is none of its values.
  ///
  /// - Parameter value: the default as it would be typed; nil for `none`, which is then a value too.
  public static func value(_ key: String, _ value: String?, in domain: Domain, _ help: String) -> Setting {
    let parsed = value.map { domain.parsed($0) } ?? JSONValue.null
    guard let parsed else { trap("\(key) cannot be \(value ?? "none")") }
    return Setting(key: key, value: parsed, help: help, domain: domain, isOptional: value == nil)
  }

  /// True or false.
  public static func flag(_ key: String, _ value: Bool, _ help: String) -> Setting {
    Setting(key: key, value: .bool(value), help: help, domain: .flag, isOptional: false)
  }

  /// The metric of the validation part by which epochs are compared, and which ends a training that goes no further.
  public static func monitor(_ value: String, of metrics: [String]) -> Setting {
    choice("monitor", value, of: metrics, "the validation metric that decides which epoch is the best")
  }

  /// After how many steps the metrics of a step are recorded.
  public static func logInterval(_ value: Int) -> Setting {
    whole("log_interval", value, in: 1...1_000_000, "steps from one record of a step's metrics to the next")
  }

  /// The same setting, which may also be `none`.
  public func orNone() -> Setting {
    var setting = Setting(key: key, value: value, help: help, domain: domain, isOptional: true)
    (setting.presets, setting.refusals) = (presets, refusals)
    return setting
  }

  /// The same setting, which says why it refuses some `values`.
  func refusing(_ values: [String: String]) -> Setting {
    var setting = self
    setting.refusals = values
    return setting
  }

  /// What it may be, in words: "a whole number from 1 to 1000000".
  public var allowed: String { isOptional ? domain.allowed + ", or none" : domain.allowed }

  /// The word that somebody may have meant by `text`, where there are words to choose from.
  func nearest(to text: String) -> String? {
    if case .choice(let words) = domain { nearestName(to: text, in: words) } else { nil }
  }

  /// The value that `text` means here; nil when it may not be. `false` means `none` where there are no truth values.
  func parsed(_ text: String) -> JSONValue? {
    if isOptional, ["none", "null"].contains(text) { return JSONValue.null }
    if let value = domain.parsed(text) { return value }
    return isOptional && text == "false" ? .some(.null) : .none
  }
}
