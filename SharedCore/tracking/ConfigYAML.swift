import Foundation
import Utils
import Yams

extension RunDescription {
  /// The text of config.yaml: the run, then its whole configuration with sorted keys, then code and machine.
  public func yaml() throws -> String {
    var run: [(String, Node)] = [
      ("id", text(id)), ("model", text(model)), ("architecture", text(architecture)),
      ("experiment", text(experiment)), ("dataset", text(dataset)), ("seed", Node(String(seed))),
      ("tags", Node(tags.map(text), .implicit, .flow)),
    ]
    if let parent { run.append(("parent", text(parent))) }
    var parts = [("run", mapping(run)), ("config", config.yamlNode)]
    if let git {
      let facts = [("commit", git.commit), ("branch", git.branch)].map { ($0, $1.map(text) ?? Node("null")) }
      parts.append(("git", mapping(facts + [("dirty", Node(git.isDirty ? "true" : "false"))])))
    }
    parts.append(("machine", machineJSON.yamlNode))
    let title = "# Run \(id): \(model) on \(experiment), started \(Timestamp.readable(started))."
    // A comment has no escapes, so what would end it or is not allowed in YAML becomes a space.
    let line = String(title.map { $0.isNewline || $0.unicodeScalars.contains(where: isControl) ? " " : $0 })
    return line + "\n" + (try Yams.serialize(node: mapping(parts), width: -1, allowUnicode: true))
  }

}

extension JSONValue {
  /// The value as YAML with sorted keys, as config.yaml shows it.
  public func yaml() throws -> String { try Yams.serialize(node: yamlNode, width: -1, allowUnicode: true) }

  /// The value as a node of a YAML document: flat lists on one line, keys sorted.
  public var yamlNode: Node {
    switch self {
    case .null: return Node("null")
    case .bool(let value): return Node(value ? "true" : "false")
    case .integer(let value): return Node(String(value))
    case .number(let value): return Node(yamlNumber(value))
    case .string(let value): return .scalar(value.represented())
    case .array(let elements):
      let isFlat = elements.allSatisfy { $0.array == nil && $0.object == nil }
      return Node(elements.map(\.yamlNode), .implicit, isFlat ? .flow : .block)
    case .object(let members):
      return mapping(members.sorted { $0.key < $1.key }.map { ($0, $1.yamlNode) })
    }
  }
}

private func mapping(_ pairs: [(String, Node)]) -> Node {
  Node(pairs.map { (text($0), $1) })
}

/// A text, in quotation marks where YAML would read it as something else (`yes`, `1e3`, `null`).
private func text(_ value: String) -> Node { .scalar(value.represented()) }

private func isControl(_ letter: Unicode.Scalar) -> Bool { letter.properties.generalCategory == .control }

/// The shortest text that reads back as `value` in YAML 1.1 and 1.2, which want a point before an exponent.
private func yamlNumber(_ value: Double) -> String {
  if value.isNaN { return ".nan" }
  if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
  let text = value.description
  guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
  return "\(text[..<exponent]).0\(text[exponent...])"
}
