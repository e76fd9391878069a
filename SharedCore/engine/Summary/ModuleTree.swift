/// The modules of a network as a list from the outside in, each before its parts.
struct ModuleTree {
  /// A module in its place.
  struct Node {
    /// The name as in the state, `layer1.0.conv1`; empty for the network itself.
    let name: String
    /// `Conv2d`.
    let type: String
    /// How many modules it lies in.
    let depth: Int
    /// The place of the module that it is a part of; nil for the network.
    let parent: Int?
    /// Learnt numbers of its own and of its parts.
    var parameters = 0
  }

  private(set) var nodes: [Node] = []
  private(set) var places: [ObjectIdentifier: Int] = [:]
  private var owners: [UnsafeMutablePointer<Float>: Int] = [:]

  init(of network: any Module) { add(network, name: "", depth: 0, parent: nil) }

  /// The module that owns a parameter at this address.
  func owner(of input: Tensor) -> Int? { owners[input.storage.start + input.offset] }

  /// A module and all those that it lies in, from the inside out.
  func lineage(of place: Int) -> [Int] { Array(sequence(first: place) { nodes[$0].parent }) }

  private mutating func add(_ module: any Module, name: String, depth: Int, parent: Int?) {
    let place = nodes.count
    nodes.append(Node(name: name, type: typeName(module), depth: depth, parent: parent))
    if places[ObjectIdentifier(module)] == nil { places[ObjectIdentifier(module)] = place }
    for child in Mirror(reflecting: module).children {
      add(child.value, name: joined(name, child.label ?? ""), in: place)
    }
  }

  /// What a property holds: a module, a parameter, several of them in an array, or nothing of interest.
  private mutating func add(_ value: Any, name: String, in place: Int) {
    if let parameter = value as? Parameter {
      let value = parameter.value
      if owners[value.storage.start + value.offset] == nil {
        owners[value.storage.start + value.offset] = place
      }
      for node in lineage(of: place) { nodes[node].parameters += value.count }
      return
    }
    if let module = value as? any Module {
      return add(module, name: name, depth: nodes[place].depth + 1, parent: place)
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional: mirror.children.first.map { add($0.value, name: name, in: place) }
    case .collection:
      for (number, child) in mirror.children.enumerated() {
        add(child.value, name: joined(name, "\(number)"), in: place)
      }
    default: return
    }
  }

  private func joined(_ name: String, _ part: String) -> String { name.isEmpty ? part : "\(name).\(part)" }
}

/// The name that a model file uses: `Conv2d` for `Convolution<Plane>`.
func typeName(_ module: any Module) -> String {
  let parts = String(describing: type(of: module)).split(separator: "<")
  let directions = ["Line>": "1d", "Plane>": "2d", "Volume>": "3d"]
  guard parts.count == 2, let suffix = directions[String(parts[1])] else {
    return parts.joined(separator: "<")
  }
  let short = ["Convolution": "Conv", "TransposedConvolution": "ConvTranspose"]
  return (short[String(parts[0])] ?? String(parts[0])) + suffix
}
