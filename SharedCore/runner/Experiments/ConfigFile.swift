import Foundation
import Tracking
import Utils
import Yams

/// A configuration file: the settings of an experiment in groups, in YAML. Reading one is giving its settings, as words would.
struct ConfigFile {
  /// The largest file that is read, in bytes.
  static let limit = 1_000_000

  /// What the file is called in a sentence.
  let name: String
  /// The values as they would be typed, each under its whole name: `loss.gamma`.
  let values: [(name: String, text: String)]
  /// The keys of each group in their order.
  let groups: [(name: String, keys: [String])]

  /// Reads the file at `url`. Throws a `LabError` where there is none, or what is read is no configuration.
  init(contentsOf url: URL) throws {
    guard let handle = try? FileHandle(forReadingFrom: url),
      let bytes = try? handle.read(upToCount: Self.limit + 1)
    else {
      throw LabError(
        .usage, "there is no configuration file \(url.relativePath)", remedy: "check the path after --config")
    }
    try self.init(Array(bytes), name: url.lastPathComponent)
  }

  /// Reads `bytes`, the content of the file called `name`.
  init(_ bytes: [UInt8], name: String) throws {
    self.name = name
    guard bytes.count <= Self.limit, let text = String(validating: bytes, as: UTF8.self) else {
      throw LabError(
        .config, "\(name) is no configuration: it is larger than 1 MB or not UTF-8", remedy: "write it anew")
    }
    var reader = ConfigReader(name: name)
    do {
      if let root = try Yams.compose(yaml: text) { try reader.read(root, path: []) }
    } catch let error as YamlError {
      let place = "\(error)".split(separator: "\n").first.map(String.init) ?? ""
      throw LabError(
        .config, "\(name) is no YAML (\(place.trimmingCharacters(in: .whitespaces)))",
        remedy: "put what holds a colon or begins with a sign into quotation marks")
    }
    (values, groups) = (reader.values, reader.groups)
  }

  /// Gives `settings` the values of the file.
  ///
  /// Throws a `LabError` for a name that the experiment does not have, with the nearest, for a value that is not allowed, and
  /// where two names of one setting disagree.
  func apply(to settings: inout Settings) throws {
    var seen: [String: (name: String, value: JSONValue)] = [:]
    for (name, text) in values {
      for (name, text) in settings.meanings(of: name, text) {
        try settings.set(name, to: text, source: "\(self.name), \(name)")
        let key = settings.key(of: name)
        let value = settings.value(of: key)
        if let other = seen[key], other.value != value {
          throw LabError(
            .config, "\(self.name): \(other.name) is \(other.value.text()) and \(name) is \(value.text())",
            remedy: "they mean one setting: leave one of them out, or make them equal")
        }
        seen[key] = (name, value)
      }
    }
    for (group, keys) in groups where settings.has("\(group).order") {
      try settings.set("\(group).order", to: "[\(keys.joined(separator: ", "))]", source: "\(name), \(group)")
    }
  }

  /// The file that says what `settings` say.
  static func text(_ settings: Settings, _ layout: ConfigLayout) throws -> String {
    var tree = ConfigNode()
    for (name, key) in layout.entries(settings) {
      tree.set(name.split(separator: ".").map(String.init)[...], settings.value(of: key))
    }
    for group in layout.groups where settings.has("\(group).order") {
      tree.reorder(group, settings.list("\(group).order").compactMap(\.string))
    }
    return try Yams.serialize(node: tree.yaml, width: -1, allowUnicode: true)
  }
}

/// Walks a YAML document, and writes down its values under their whole names.
private struct ConfigReader {
  let name: String
  var values: [(name: String, text: String)] = []
  var groups: [(name: String, keys: [String])] = []

  mutating func read(_ node: Node, path: [String]) throws {
    let whole = path.joined(separator: ".")
    guard path.count <= 8, values.count < 10_000 else {
      throw LabError(.config, "\(name), \(whole) lies too deep", remedy: "write groups of keys and values")
    }
    guard let mapping = node.mapping else {
      guard !path.isEmpty else {
        throw LabError(
          .config, "\(name) is no mapping of keys to values", remedy: "write lines such as key: value")
      }
      values.append((whole, try typed(node, whole)))
      return
    }
    var keys: [String] = []
    for (key, value) in mapping {
      guard let key = key.string, !key.isEmpty else {
        throw LabError(.config, "\(name), \(whole) has a key that is no text", remedy: "write key: value")
      }
      keys.append(key)
      try read(value, path: path + [key])
    }
    if !path.isEmpty { groups.append((whole, keys)) }
  }

  /// A value as it would be typed: a list in brackets, YAML's truth values and nothings as ours.
  private func typed(_ node: Node, _ whole: String) throws -> String {
    if let elements = node.sequence {
      guard elements.count <= 10_000, elements.allSatisfy({ $0.scalar != nil }) else {
        throw LabError(
          .config, "\(name), \(whole) is a list of something else than plain values", remedy: "write [1, 2]")
      }
      return JSONValue.array(try elements.map { .string(try typed($0, whole)) }).text()
    }
    guard let scalar = node.scalar else {
      throw LabError(
        .config, "\(name), \(whole) is no plain value", remedy: "write a number, a word or a list")
    }
    guard scalar.style == .plain || scalar.style == .any else { return scalar.string }
    return switch scalar.string {
    case "True", "TRUE": "true"
    case "False", "FALSE": "false"
    case "", "~", "null", "Null", "NULL", "None": "none"
    default: scalar.string
    }
  }
}

/// A configuration that is being written, its keys in their order.
private struct ConfigNode {
  private var value = JSONValue.null
  private var members: [(key: String, node: ConfigNode)] = []

  mutating func set(_ path: ArraySlice<String>, _ value: JSONValue) {
    guard let key = path.first else { return self.value = value }
    if !members.contains(where: { $0.key == key }) { members.append((key, ConfigNode())) }
    for place in members.indices where members[place].key == key {
      members[place].node.set(path.dropFirst(), value)
    }
  }

  /// Writes the keys of a group in an order; those that it does not name come after.
  mutating func reorder(_ group: String, _ keys: [String]) {
    for place in members.indices where members[place].key == group {
      let inner = members[place].node.members
      let named = keys.compactMap { key in inner.first { $0.key == key } }
      members[place].node.members = named + inner.filter { !keys.contains($0.key) }
    }
  }

  var yaml: Node {
    guard members.isEmpty else { return Node(members.map { (.scalar($0.key.represented()), $0.node.yaml) }) }
    return value.yamlNode
  }
}
