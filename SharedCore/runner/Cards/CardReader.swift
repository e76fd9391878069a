import Foundation
import Utils
import Yams

/// A mapping of a card's YAML, read strictly: what is not as it should be becomes one sentence.
struct CardReader {
  private let name: String
  /// The path to the mapping within the card: `paper`.
  private let path: String
  private let pairs: [String: Node]

  private static let file = YAMLFile(limit: 100_000, noun: "card", kind: .model)

  init(contentsOf url: URL) throws {
    let name = url.pathComponents.suffix(2).joined(separator: "/")
    guard let bytes = Self.file.bytes(url) else {
      throw LabError(.model, "\(name) cannot be read", remedy: "write it as models/_template/card.yaml is")
    }
    try self.init(bytes, name: name)
  }

  init(_ bytes: [UInt8], name: String) throws {
    guard let node = try Self.file.document(bytes, name: name) else {
      throw LabError(.model, "\(name) is empty", remedy: "write it as models/_template/card.yaml is")
    }
    try self.init(node, name: name, path: "")
  }

  private init(_ node: Node, name: String, path: String) throws {
    guard let mapping = node.mapping else {
      throw LabError(
        .model, "\(name): \(path.isEmpty ? "the card" : path) is no mapping of keys to values",
        remedy: "write it as models/_template/card.yaml is")
    }
    (self.name, self.path) = (name, path)
    pairs = Dictionary(mapping.compactMap { key, value in key.string.map { ($0, value) } }) { $1 }
  }

  /// An error of this mapping: "03_mlp/card.yaml has no year".
  func error(_ cause: String, _ remedy: String) -> LabError {
    LabError(.model, "\(name)\(path.isEmpty ? "" : ", \(path),") \(cause)", remedy: remedy)
  }

  /// Refuses keys that mean nothing, which are misspelt ones.
  func check(keys known: [String]) throws {
    guard let unknown = pairs.keys.sorted().first(where: { !known.contains($0) }) else { return }
    let near = nearestName(to: unknown, in: known).map { "did you mean \($0)? " } ?? ""
    throw error(
      "has an unknown key \(unknown.quoted)", near + "the keys are \(known.joined(separator: ", "))")
  }

  func text(_ key: String) throws -> String {
    guard let value = pairs[key] else { throw error("has no \(key)", "add the line \(key): ...") }
    guard let text = value.scalar?.string.trimmingCharacters(in: .whitespacesAndNewlines), !text.isEmpty
    else { throw error("has a \(key) that is no text", "write a text after \(key):") }
    return text
  }

  func number(_ key: String, in range: ClosedRange<Int>) throws -> Int {
    guard let number = Int(try text(key)), range.contains(number) else {
      throw error(
        "has the \(key) \(try text(key))",
        "give a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func decimal(_ key: String) throws -> Double {
    guard let number = Double(try text(key)), number.isFinite else {
      throw error("has the \(key) \(try text(key))", "give a number")
    }
    return number
  }

  /// Texts in a list; nil when there is none.
  func texts(_ key: String) throws -> [String]? {
    guard let value = pairs[key] else { return nil }
    guard let texts = value.sequence?.map(\.scalar?.string), !texts.contains(nil) else {
      throw error("has \(key) that are no list of texts", "write \(key): [one, another]")
    }
    return texts.compactMap(\.self)
  }

  func part(_ key: String) throws -> CardReader {
    guard let part = try optionalPart(key) else { throw error("has no \(key)", "add \(key): and its lines") }
    return part
  }

  func optionalPart(_ key: String) throws -> CardReader? {
    try pairs[key].map { try CardReader($0, name: name, path: key) }
  }

  /// The mappings in a list; none when there is no list.
  func parts(_ key: String) throws -> [CardReader] {
    guard let value = pairs[key] else { return [] }
    guard let nodes = value.sequence else { throw error("has \(key) that are no list", "write \(key): []") }
    return try nodes.enumerated().map { try CardReader($1, name: name, path: "\(key) \($0 + 1)") }
  }
}
