import Foundation
import Utils
import Yams

/// A mapping of a sweep file, read strictly: what is not as it should be becomes one sentence.
struct SweepReader {
  /// How the file is read.
  static let file = YAMLFile(limit: 100_000, noun: "sweep", kind: .config)

  /// What the file is called in a sentence.
  let name: String
  /// The path to the mapping within the file: `parameters.learning_rate`.
  let path: String
  /// Its lines in their order.
  let pairs: [(key: String, node: Node)]

  /// The whole of a file.
  init(_ bytes: [UInt8], name: String) throws {
    guard let node = try Self.file.document(bytes, name: name) else {
      throw LabError(.config, "\(name) is empty", remedy: "write method: grid and parameters: into it")
    }
    try self.init(node, name: name, path: "")
  }

  private init(_ node: Node, name: String, path: String) throws {
    (self.name, self.path) = (name, path)
    guard let mapping = node.mapping else {
      throw LabError(
        .config, "\(name): \(path.isEmpty ? "the sweep" : path) is no mapping of keys to values",
        remedy: "write lines such as key: value")
    }
    pairs = mapping.compactMap { key, value in key.string.map { ($0, value) } }
  }

  /// An error of this mapping: "sweep.yaml, parameters.learning_rate, has no values".
  func error(_ cause: String, _ remedy: String) -> LabError {
    LabError(.config, "\(name)\(path.isEmpty ? "" : ", \(path),") \(cause)", remedy: remedy)
  }

  /// Refuses keys that mean nothing here, which are misspelt ones.
  func check(keys known: [String]) throws {
    guard let unknown = pairs.map(\.key).first(where: { !known.contains($0) }) else { return }
    let near = nearestName(to: unknown, in: known).map { "did you mean \($0)? " } ?? ""
    throw error(
      "has an unknown key \(unknown.quoted)", near + "the keys are \(known.joined(separator: ", "))")
  }

  func has(_ key: String) -> Bool { pairs.contains { $0.key == key } }

  /// The mapping below `key`; nil when there is none.
  func part(_ key: String) throws -> SweepReader? {
    try pairs.first { $0.key == key }.map {
      try SweepReader($0.node, name: name, path: path.isEmpty ? key : "\(path).\(key)")
    }
  }

  /// A text; nil when there is none.
  func text(_ key: String) throws -> String? {
    guard let node = pairs.first(where: { $0.key == key })?.node else { return nil }
    guard let text = node.scalar?.string, !text.isEmpty else {
      throw error("has a \(key) that is no text", "write one value after \(key):")
    }
    return text
  }

  /// A finite number; nil when there is none.
  func number(_ key: String) throws -> Double? {
    try text(key).map { text in
      guard let number = Double(text), number.isFinite else {
        throw error("has the \(key) \(text.quoted)", "give a number")
      }
      return number
    }
  }

  /// A whole number from 1 to a million; nil when there is none.
  func count(_ key: String) throws -> Int? {
    try text(key).map { text in
      guard let count = Int(text), (1...1_000_000).contains(count) else {
        throw error("has the \(key) \(text.quoted)", "give a whole number from 1 to 1000000")
      }
      return count
    }
  }

  /// One value of a setting as it would be typed; nil when there is none.
  func value(_ key: String) throws -> String? {
    try pairs.first { $0.key == key }.map { try typed($0.node, key) }
  }

  /// Values of a setting as they would be typed; nil when there are none.
  func values(_ key: String) throws -> [String]? {
    guard let node = pairs.first(where: { $0.key == key })?.node else { return nil }
    guard let nodes = node.sequence, !nodes.isEmpty, nodes.count <= 10_000 else {
      throw error("has \(key) that are no list", "write \(key): [one, another]")
    }
    return try nodes.map { try typed($0, key) }
  }

  /// YAML's truth values and nothings as settings are typed, a list of whole numbers with hyphens, `[300, 100]` as 300-100, and
  /// any other list in brackets.
  private func typed(_ node: Node, _ key: String) throws -> String {
    if let widths = node.sequence, !widths.isEmpty, widths.count <= 100,
      widths.allSatisfy({ $0.scalar != nil })
    {
      let words = try widths.map { try typed($0, key) }
      return words.allSatisfy { Int($0) != nil }
        ? words.joined(separator: "-") : JSONValue.array(words.map(JSONValue.string)).text()
    }
    guard let scalar = node.scalar else {
      throw error("has \(key) that is no plain value", "write a number, a word, true or false")
    }
    return scalar.typed
  }
}
