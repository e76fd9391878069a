import Utils
import Yams

/// Walks a YAML document, and writes down its values under their whole names.
struct ConfigReader {
  let name: String
  var values: [(name: String, text: String)] = []
  var groups: [(name: String, keys: [String])] = []
  /// How many nodes have been seen: an alias may stand for many.
  private var seen = 0

  init(name: String) { self.name = name }

  /// Reads what lies at `path`. Throws a `LabError` that names what is not as it should be.
  mutating func read(_ node: Node, path: [String]) throws {
    let whole = path.joined(separator: ".")
    seen += 1
    guard path.count <= 8, seen <= 10_000 else {
      throw LabError(
        .config, "\(name), \(whole) lies too deep, or the file holds too much",
        remedy: "write groups of keys and values")
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
    return scalar.typed
  }
}
