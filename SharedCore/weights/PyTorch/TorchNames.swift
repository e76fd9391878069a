import Utils

/// The tensors of a pickle by name: keys and positions of what they lie in, joined by points.
struct TorchNames {
  private(set) var tensors: [(name: String, tensor: TorchTensor)] = []
  /// The numbers and texts beside them: `epoch`, `config.depth`.
  private(set) var facts: [String: String] = [:]
  private var visits = 0

  /// The deepest nesting that is followed, and the most values.
  private static let deepest = 32
  private static let mostVisits = 1_000_000
  private static let mostFacts = 10_000

  init(_ content: Unpickler.Content) throws {
    try walk(content.root, "", depth: 0)
    var names: Set<String> = []
    for (name, _) in tensors where !names.insert(name).inserted {
      throw WeightsDefect("holds two tensors called \(name.quoted)")
    }
  }

  private mutating func walk(_ value: PickleValue, _ name: String, depth: Int) throws {
    visits += 1
    guard depth <= Self.deepest, visits <= Self.mostVisits, name.utf8.count <= 4096 else {
      throw WeightsDefect("holds containers in containers without an end")
    }
    switch value {
    case .tensor(let tensor): tensors.append((name.isEmpty ? "tensor" : name, tensor))
    case .container(let container) where container.kind == .dictionary:
      for index in stride(from: 0, to: container.elements.count, by: 2) {
        let key = try self.key(container.elements[index], in: name)
        try walk(container.elements[index + 1], name.isEmpty ? key : "\(name).\(key)", depth: depth + 1)
      }
    case .container(let container) where container.kind != .set:
      for (index, element) in container.elements.enumerated() {
        try walk(element, name.isEmpty ? "\(index)" : "\(name).\(index)", depth: depth + 1)
      }
    case .bool(let value): note("\(value)", name)
    case .int(let value): note("\(value)", name)
    case .float(let value): note("\(value)", name)
    case .text(let value): note(value, name)
    default: return
    }
  }

  private mutating func note(_ text: String, _ name: String) {
    if facts.count < Self.mostFacts, text.utf8.count <= 1000, !name.isEmpty { facts[name] = text }
  }

  private func key(_ value: PickleValue, in name: String) throws -> String {
    switch value {
    case .text(let text): text
    case .int(let number): "\(number)"
    case .bool(let value): "\(value)"
    case .float(let number): "\(number)"
    case .none: "none"
    default:
      throw WeightsDefect("has a dictionary\(name.isEmpty ? "" : " \(name.quoted)") whose keys are no names")
    }
  }
}
