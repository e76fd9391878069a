import Utils

/// All settings of an experiment, changed by flags and by `key=value` words through one parser and one check.
public struct Settings: Sendable {
  /// Every setting in the order in which it is shown.
  public private(set) var all: [Setting]
  /// The values of the experiment's row, and those that somebody has given, by key.
  private let defaults: [JSONValue]
  private var given: [String: JSONValue] = [:]

  /// These settings; traps when a key occurs twice, or when a preset speaks of a setting or a value that is not there.
  public init(_ settings: [Setting]) {
    require(Set(settings.map(\.key)).count == settings.count, "a setting is declared twice")
    for preset in settings {
      for (key, text) in preset.presets.values.flatMap(\.self) {
        let setting = settings.first { $0.key == key }
        require(setting?.parsed(text) != nil, "the preset \(preset.key) gives \(key) the value \(text)")
      }
    }
    all = settings
    defaults = settings.map(\.value)
    resolve()
  }

  /// Defaults, over them what the presets say, over that what was given.
  private mutating func resolve() {
    for place in all.indices { all[place].value = given[all[place].key] ?? defaults[place] }
    for preset in all where !preset.presets.isEmpty {
      // Read anew: an earlier preset may have changed which word of this one holds.
      let word = self[preset.key].string ?? ""
      for (key, text) in preset.presets[word] ?? [:] where given[key] == nil {
        guard let place = all.firstIndex(where: { $0.key == key }), let value = all[place].parsed(text) else {
          continue  // cannot be: `init` has looked
        }
        all[place].value = value
      }
    }
  }

  /// Somebody has given `key` a value.
  func isGiven(_ key: String) -> Bool { given[key] != nil }

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
    given[wanted] = value
    resolve()
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
  /// The widths of layers, none when it is `none`. Traps when the experiment does not declare it.
  public func widths(_ key: String) -> [Int] {
    self[key].string?.split(separator: "-").compactMap { Int($0) } ?? []
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
