import Utils

/// One thing about an experiment that a person may change: its key, its value, what it means and what it may be.
public struct Setting: Sendable {
  /// What values are allowed.
  public enum Domain: Sendable {
    case whole(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case choice([String])
    case flag
  }

  /// The key, in snake_case: `learning_rate`.
  public let key: String
  /// The value, the experiment's default until it is changed.
  public fileprivate(set) var value: JSONValue
  /// What it means, with its unit.
  public let help: String
  /// What it may be; besides, `none` when `isOptional`.
  public let domain: Domain
  /// `none` is a value too.
  public let isOptional: Bool

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
      }
    return isOptional ? words + ", or none" : words
  }

  /// The value that `text` means here; nil when it may not be.
  fileprivate func parsed(_ text: String) -> JSONValue? {
    if isOptional, ["none", "null"].contains(text) { return JSONValue.null }
    switch domain {
    case .whole(let range): return Int(text).flatMap { range.contains($0) ? .integer(Int64($0)) : nil }
    case .number(let range): return Double(text).flatMap { range.contains($0) ? .number($0) : nil }
    case .choice(let words): return words.contains(text) ? .string(text) : nil
    case .flag: return ["true": true, "false": false][text].map(JSONValue.bool)
    }
  }

  private func brief(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e6 ? "\(Int(number))" : "\(number)"
  }
}

/// All settings of an experiment, changed by flags and by `key=value` words through one parser and one check.
public struct Settings: Sendable {
  /// Every setting in the order in which it is shown.
  public private(set) var all: [Setting]

  /// These settings; traps when a key occurs twice.
  public init(_ settings: [Setting]) {
    require(Set(settings.map(\.key)).count == settings.count, "a setting is declared twice")
    all = settings
  }

  /// Gives `key` the value that `text` means; `source` is what the user typed, for the message.
  public mutating func set(_ key: String, to text: String, source: String) throws {
    let wanted = key.replacing("-", with: "_")
    guard let place = all.firstIndex(where: { $0.key == wanted }) else {
      let near = nearestName(to: key, in: all.map(\.key)).map { "did you mean \($0)? " } ?? ""
      throw LabError(
        .config, "\(source): there is no setting \(key)",
        remedy: near + "the settings are \(all.map(\.key).joined(separator: ", "))")
    }
    guard let value = all[place].parsed(text) else {
      throw LabError(
        .config, "\(source): \(text) is no value of \(wanted)", remedy: "give \(all[place].allowed)")
    }
    all[place].value = value
  }

  /// Applies a word such as `learning_rate=0.01`.
  public mutating func apply(word: String) throws {
    guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
      throw LabError(
        .config, "\(word) is neither a flag nor a setting",
        remedy: "write key=value, or see --help for the flags")
    }
    try set(String(word[..<equals]), to: String(word[word.index(after: equals)...]), source: word)
  }

  /// Takes over the values of a checkpoint; a key that no longer exists, or a value that is no longer allowed, is refused.
  public mutating func restore(_ values: JSONValue, source: String) throws {
    for (key, value) in (values.object ?? [:]).sorted(by: { $0.key < $1.key }) {
      try set(key, to: value == nil ? "none" : value.string ?? value.text(), source: source)
    }
  }

  /// The values by key.
  public var json: JSONValue { .object(Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0.value) })) }

  /// A whole number; nil when it is `none`. Traps when the experiment does not declare it.
  public func int(_ key: String) -> Int? { self[key].int }
  /// A number. Traps when the experiment does not declare it.
  public func double(_ key: String) -> Double {
    guard let value = self[key].double else { trap("setting \(key) is not a number") }
    return value
  }
  /// A number; nil when it is `none`. Traps when the experiment does not declare it.
  public func optional(_ key: String) -> Double? { self[key].double }
  /// A word. Traps when the experiment does not declare it.
  public func string(_ key: String) -> String {
    guard let value = self[key].string else { trap("setting \(key) is not a word") }
    return value
  }
  /// A truth value. Traps when the experiment does not declare it.
  public func bool(_ key: String) -> Bool {
    guard let value = self[key].bool else { trap("setting \(key) is not true or false") }
    return value
  }
  /// A whole number that cannot be `none`. Traps when the experiment does not declare it.
  public func count(_ key: String) -> Int {
    guard let value = self[key].int else { trap("setting \(key) is not a whole number") }
    return value
  }

  private subscript(key: String) -> JSONValue {
    guard let setting = all.first(where: { $0.key == key }) else {
      trap("no setting is called \(key)")
    }
    return setting.value
  }
}
