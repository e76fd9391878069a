/// The part of a step that a measurement belongs to.
public enum ProfilePhase: String, Sendable { case forward, backward, update }

/// An operation with the sizes that it had.
public struct ProfiledOperation: Hashable, Sendable {
  /// What it is called in Swift.
  public let name: String
  /// The shapes of its inputs and of its output.
  public let inputs: [Shape], output: Shape

  static let update = ProfiledOperation(name: "update", inputs: [], output: [])

  init(name: String, inputs: [Shape], output: Shape) {
    self.name = name
    self.inputs = inputs
    self.output = output
  }

  init(_ event: ForwardEvent) {
    self.init(name: event.name, inputs: event.inputs.map(\.shape), output: event.output.shape)
  }

  /// `[64, 784] [128, 784] -> [64, 128]`.
  public var shapes: String {
    inputs.isEmpty ? "" : inputs.map { "\($0)" }.joined(separator: " ") + " -> \(output)"
  }

  /// Multiplications and additions forwards, those that the result needs; one an element where it is no product.
  var operations: Double { multiplyAdds.map { 2 * Double($0) } ?? Double(output.elementCount) }

  /// Multiplications forwards, each with the addition of its product; nil where the operation is no product.
  var multiplyAdds: Int? {
    switch name {
    case "linear", "matmul", "batchedMatmul": output.elementCount * (inputs[0].last ?? 1)
    case "convolution": output.elementCount * (inputs[1].elementCount / max(inputs[1][0], 1))
    case "transposedConvolution": inputs[0].elementCount * (inputs[1].elementCount / max(inputs[1][0], 1))
    // the recurrent product of every step; that of the inputs is a `linear` before it
    case "lstm", "gru", "elman": output.elementCount / max(output.last ?? 1, 1) * inputs[1].elementCount
    // every query with every key, and the probabilities with every value
    case "attention":
      2 * output.elementCount * ((inputs.count > 1 ? inputs[1] : output).dropLast().last ?? 1)
    default: nil
    }
  }

  /// Products backwards for each forwards; nil where it is no product.
  fileprivate func productsBackwards(_ gradients: [Tensor?]) -> Double? {
    switch name {
    case "linear", "matmul", "batchedMatmul", "convolution", "transposedConvolution", "lstm", "gru", "elman":
      Double(gradients.prefix(2).count { $0 != nil })
    case "attention": 2
    default: nil
    }
  }
}

/// What an operation has to do at the least.
struct OperationCost {
  /// Floating-point operations.
  var operations = 0.0
  /// Bytes read and written once, and bytes of the results.
  var traffic = 0, memory = 0

  init() {}

  init(_ event: ForwardEvent) {
    operations = ProfiledOperation(event).operations
    let isView = event.inputs.contains { $0.storage === event.output.storage }
    memory = isView ? 0 : 4 * event.output.count
    traffic = isView ? 0 : 4 * (event.output.count + event.inputs.reduce(0) { $0 + $1.count })
    if isView { operations = 0 }
  }

  init(_ event: BackwardEvent, of operation: ProfiledOperation, inputs: Int) {
    let made = event.gradients.compactMap(\.self).filter { $0.storage !== event.upstream.storage }
    memory = 4 * made.reduce(0) { $0 + $1.count }
    traffic = made.isEmpty ? 0 : memory + 4 * (event.upstream.count + inputs)
    operations =
      operation.productsBackwards(event.gradients).map { $0 * operation.operations } ?? Double(memory / 4)
  }
}

/// What is counted together.
struct ProfileKey: Hashable {
  let operation: ProfiledOperation
  let layer: String
  let phase: ProfilePhase
}

/// Sums over all measured steps.
struct ProfileTotal {
  var calls = 0
  var seconds = 0.0
  var cost = OperationCost()

  mutating func add(_ seconds: Double, _ cost: OperationCost) { add(ProfileTotal(1, seconds, cost)) }

  mutating func add(_ other: ProfileTotal) {
    calls += other.calls
    seconds += other.seconds
    cost.operations += other.cost.operations
    cost.traffic += other.cost.traffic
    cost.memory += other.cost.memory
  }

  init() {}

  private init(_ calls: Int, _ seconds: Double, _ cost: OperationCost) {
    self.calls = calls
    self.seconds = seconds
    self.cost = cost
  }
}
