import Utils

/// One operation of an ONNX graph: https://onnx.ai/onnx/operators.
struct ONNXNode {
  /// What an operation is asked for beside its inputs.
  enum Attribute: Equatable {
    case integer(Int)
    case integers([Int])
    case float(Float)
  }

  let operation: String
  /// Values by their names; an empty one is left out.
  let inputs: [String]
  let output: String
  let attributes: [(name: String, value: Attribute)]
}

/// A graph of ONNX operations from one input to one output, with the numbers that it needs.
struct ONNXGraph {
  /// Numbers under their name: 32-bit floats, or 64-bit integers for shapes and axes.
  enum Initializer {
    case floats(Tensor)
    case integers([Int])
  }

  /// The operations, each after those whose values it takes.
  private(set) var nodes: [ONNXNode] = []
  /// The numbers, in the order in which they were first used.
  private(set) var initializers: [(name: String, value: Initializer)] = []
  /// The shapes of input and output without the samples, which may be any number.
  var input: [Int] = [], output: [Int] = []

  private var known: Set<String> = []
  private var count = 0

  /// The name of the graph's input and of its output.
  static let inputName = "input", outputName = "output"

  /// A name that no value has.
  mutating func freshName(_ kind: String) -> String {
    count += 1
    return "\(kind)_\(count)"
  }

  /// Adds an operation; the name of its value, which is `output` or a fresh one.
  @discardableResult
  mutating func add(
    _ operation: String, _ inputs: [String],
    _ attributes: [(name: String, value: ONNXNode.Attribute)] = [], as output: String? = nil
  ) -> String {
    let output = output ?? freshName(operation.lowercased())
    nodes.append(ONNXNode(operation: operation, inputs: inputs, output: output, attributes: attributes))
    return output
  }

  /// The name of these numbers, which are added the first time.
  mutating func constant(_ tensor: Tensor, named name: String? = nil) -> String {
    let name = name ?? freshName("constant")
    if known.insert(name).inserted { initializers.append((name, .floats(tensor))) }
    return name
  }

  /// Leaves out the numbers that no operation takes.
  mutating func dropUnused() {
    let used = Set(nodes.flatMap(\.inputs))
    initializers.removeAll { !used.contains($0.name) }
  }

  /// The name of one number.
  mutating func constant(_ number: Float) -> String { constant(Tensor(number), named: "number_\(number)") }

  /// The name of whole numbers: a shape, axes.
  mutating func constant(_ numbers: [Int]) -> String {
    let name = "numbers_" + numbers.map(String.init).joined(separator: "_")
    if known.insert(name).inserted { initializers.append((name, .integers(numbers))) }
    return name
  }
}
