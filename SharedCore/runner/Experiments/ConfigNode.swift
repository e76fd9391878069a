import Tracking
import Utils
import Yams

/// A configuration that is being written, its keys in their order.
struct ConfigNode {
  private var value = JSONValue.null
  private var members: [(key: String, node: ConfigNode)] = []

  /// Puts `value` at a path of keys.
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

  /// The node of a YAML document.
  var yaml: Node {
    guard members.isEmpty else { return Node(members.map { (.scalar($0.key.represented()), $0.node.yaml) }) }
    return value.yamlNode
  }
}
