import Foundation
import Tracking
import Utils
import Yams

/// A configuration file: the settings of an experiment in groups, in YAML. Reading one is giving its settings, as words would.
public struct ConfigFile {
  /// How the file is read.
  static let file = YAMLFile(limit: 1_000_000, noun: "configuration", kind: .config)

  /// What the file is called in a sentence.
  let name: String
  /// The values as they would be typed, each under its whole name: `loss.gamma`.
  let values: [(name: String, text: String)]
  /// The keys of each group in their order.
  let groups: [(name: String, keys: [String])]

  /// Reads the file at `url`. Throws a `LabError` where there is none, or what is read is no configuration.
  public init(contentsOf url: URL) throws {
    guard let bytes = Self.file.bytes(url) else {
      throw LabError(
        .usage, "no configuration file can be read at \(url.relativePath)",
        remedy: "check the path after --config")
    }
    try self.init(bytes, name: url.lastPathComponent)
  }

  /// Reads `bytes`, the content of the file called `name`.
  init(_ bytes: [UInt8], name: String) throws {
    self.name = name
    var reader = ConfigReader(name: name)
    if let root = try Self.file.document(bytes, name: name) { try reader.read(root, path: []) }
    (values, groups) = (reader.values, reader.groups)
  }

  /// Gives `settings` the values of the file.
  ///
  /// Throws a `LabError` for a name that the experiment does not have, with the nearest, for a value that is not allowed, and
  /// where two names of one setting disagree.
  public func apply(to settings: inout Settings) throws {
    var seen: [String: (name: String, value: JSONValue)] = [:]
    for (name, text) in values.flatMap({ settings.meanings(of: $0.name, $0.text) }) {
      try settings.set(name, to: text, source: "\(self.name), \(name)")
      let key = settings.key(of: name)
      guard settings.has(key) else { continue }  // a member of a setting
      let value = settings.value(of: key)
      if let other = seen[key], other.value != value {
        throw LabError(
          .config, "\(self.name): \(other.name) is \(other.value.text()) and \(name) is \(value.text())",
          remedy: "they mean one setting: leave one of them out, or make them equal")
      }
      seen[key] = (name, value)
    }
    for (group, keys) in groups where settings.has("\(group).order") {
      let rest = settings.list("\(group).order").filter { !keys.contains($0.string ?? "") }
      let order = JSONValue.array(keys.map(JSONValue.string) + rest)
      try settings.set("\(group).order", to: order.text(), source: "\(name), \(group)")
    }
    settings.endOfFile()
  }

  /// The file that says what `settings` say: groups, then the settings that are of no group.
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
