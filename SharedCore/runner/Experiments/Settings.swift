import Utils

/// All settings of an experiment, changed by flags and by `key=value` words through one parser and one check.
public struct Settings: Sendable {
  /// Every setting in the order in which it is shown.
  public private(set) var all: [Setting]
  /// The values of the experiment's row, and those that somebody has given, by key.
  private let defaults: [JSONValue]
  private var given: [String: JSONValue] = [:]
  /// Those of `given` that a configuration file gave: a preset that is typed beside the file wins over them.
  private var ofFile: Set<String> = []
  /// Other names of settings, as a configuration file has them: `optimizer.lr`.
  private let names: [String: String]

  /// These settings; traps when a key occurs twice, or when a preset speaks of a setting or a value that is not there.
  ///
  /// - Parameter names: other names, with the keys that they mean; those of settings that are not there mean nothing.
  public init(_ settings: [Setting], names: [(name: String, key: String)] = []) {
    let keys = Set(settings.map(\.key))
    self.names = Dictionary(names.filter { keys.contains($0.key) }.map { ($0.name, $0.key) }) { first, _ in
      first
    }
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

  /// The experiment declares the setting `key`.
  public func has(_ key: String) -> Bool { all.contains { $0.key == key } }

  /// Somebody has given `key` a value.
  func isGiven(_ key: String) -> Bool { given[key] != nil }

  /// What somebody has given, by key: the settings that no preset changes.
  var givenValues: JSONValue { .object(given) }

  /// Gives a setting the value that `text` means; `name` is its key or another name, and `source` what the user typed, for the
  /// message.
  public mutating func set(_ name: String, to text: String, source: String) throws {
    let key = key(of: name)
    guard let place = all.firstIndex(where: { $0.key == key }) else {
      if let (owner, path) = member(key) {
        given[owner.key] = owner.value.setting(path, Setting.Domain.member(text))
        ofFile.remove(owner.key)
        return resolve()
      }
      if let first = all.first(where: { $0.key.hasPrefix(key + ".") }) {
        throw LabError(
          .config, "\(source): \(key) is a group of settings and has no value itself",
          remedy: "give one of them a value, such as \(first.key); --experiment-info lists all")
      }
      throw LabError(
        .config, "\(source): there is no setting \(name)",
        remedy: nearest(to: name).map { "did you mean \($0)? --experiment-info lists all settings" }
          ?? "the settings are\n\(inColumns(allNames))")
    }
    guard let value = all[place].parsed(text) else {
      let reason = all[place].refusals[text].map { ": \($0)" } ?? ""
      throw LabError(
        .config, "\(source): \(text) is no value of \(name.replacing("-", with: "_"))\(reason)",
        remedy: (all[place].nearest(to: text).map { "did you mean \($0)? " } ?? "")
          + "give \(all[place].allowed)")
    }
    given[key] = value
    ofFile.remove(key)
    for covered in Set(all[place].presets.values.flatMap { $0.map(\.0) }).intersection(ofFile) {
      given[covered] = nil
    }
    resolve()
  }

  /// Everything that has been given until now is what a file says: presets that are typed from here on win over it.
  mutating func endOfFile() { ofFile = Set(given.keys) }

  /// Every key and every other name.
  var allNames: [String] { all.map(\.key) + names.keys.sorted() }

  /// The names that somebody may have meant by `name`: those that end in it, as `loss.gamma` does in `gamma`, else the one that
  /// is nearest to it, whole or in its last part; nil where none is near.
  private func nearest(to name: String) -> String? {
    let typed = name.replacing("-", with: "_")
    let endings = allNames.filter { $0.hasSuffix(".\(typed)") }
    guard endings.isEmpty else { return endings.joined(separator: " or ") }
    if let whole = nearestName(to: typed, in: allNames) { return whole }
    func last(_ name: String) -> String { name.split(separator: ".").last.map(String.init) ?? name }
    let near = nearestName(to: last(typed), in: allNames.map(last))
    return near.flatMap { near in allNames.first { last($0) == near } }
  }

  /// The key that `name` means: that of another name, else itself; `-` is `_`.
  func key(of name: String) -> String {
    let name = name.replacing("-", with: "_")
    return names[name] ?? name
  }

  /// The setting of members that `key` speaks of, and the path of the member: `rotation` and `degrees`.
  private func member(_ key: String) -> (setting: Setting, path: ArraySlice<String>)? {
    for setting in all {
      guard case .mapping = setting.domain, key.hasPrefix(setting.key + ".") else { continue }
      let path = key.dropFirst(setting.key.count + 1).split(separator: ".", omittingEmptySubsequences: false)
      if path.count <= 8, !path.contains("") { return (setting, path.map(String.init)[...]) }
    }
    return nil
  }

  /// What giving `name` a text means: that, or where `name` is a group that is switched off, `none` for each of its settings
  /// that may be none.
  func meanings(of name: String, _ text: String) -> [(name: String, text: String)] {
    let members = all.filter { $0.key.hasPrefix(name + ".") && $0.isOptional }
    guard !has(key(of: name)), ["none", "null", "false"].contains(text), !members.isEmpty else {
      return [(name, text)]
    }
    return members.map { ($0.key, "none") }
  }

  /// Applies a word such as `learning_rate=0.01`.
  public mutating func apply(word: String) throws {
    guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
      throw LabError(
        .config, "\(word) is neither a flag nor a setting",
        remedy: "write key=value, or see --help for the flags")
    }
    let value = String(word[word.index(after: equals)...])
    for (name, text) in meanings(of: String(word[..<equals]), value) { try set(name, to: text, source: word) }
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
  /// A text; nil when it is `none`. Traps when the experiment does not declare it.
  public func text(_ key: String) -> String? { self[key].string }
  /// The values of a list, none when it is `none`. Traps when the experiment does not declare it.
  public func list(_ key: String) -> [JSONValue] { self[key].array ?? [] }
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

  /// The value of a setting. Traps when the experiment does not declare it.
  public func value(of key: String) -> JSONValue { self[key] }

  private subscript(key: String) -> JSONValue {
    guard let setting = all.first(where: { $0.key == key }) else {
      trap("no setting is called \(key)")
    }
    return setting.value
  }
}
