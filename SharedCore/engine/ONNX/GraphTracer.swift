import Utils

/// Writes down every operation of one forward pass, and which values it takes.
///
/// A value is known by its memory and shape; all tensors are kept until the end, so no memory is used twice.
final class GraphTracer: PassObserver {
  /// A value: what went in, what an operation made, or numbers that were there before.
  enum Source {
    case input
    case operation(Int)
    case constant(Tensor)
  }

  /// An operation and the values that it takes and makes.
  struct Operation {
    let event: ForwardEvent
    let inputs: [Int]
    let output: Int
    /// The layer whose parameters were read last.
    let layer: String
  }

  /// All values by their numbers, and all operations in their order.
  private(set) var sources: [Source] = [.input]
  private(set) var operations: [Operation] = []
  private var values: [TensorPlace: Int]
  private var layers: LayerNames

  /// Follows `network`, which is given `input`.
  init(_ network: any Module, input: Tensor) {
    values = [TensorPlace(input): 0]
    layers = LayerNames(of: network)
  }

  func ran(_ event: ForwardEvent) {
    let inputs = event.inputs.map(value)
    let layer = layers.layer(of: event.inputs)
    let output = sources.count
    sources.append(.operation(operations.count))
    values[TensorPlace(event.output)] = output
    operations.append(Operation(event: event, inputs: inputs, output: output, layer: layer))
  }

  /// The number of the value that `tensor` holds; numbers that nobody made are constants.
  func value(_ tensor: Tensor) -> Int {
    let place = TensorPlace(tensor)
    if let known = values[place] { return known }
    sources.append(.constant(tensor))
    values[place] = sources.count - 1
    return sources.count - 1
  }

  /// The operations that `value` follows from, in their order.
  func operations(for value: Int) -> [Operation] {
    var needed = Set([value])
    let reached = operations.reversed().filter { operation in
      guard needed.contains(operation.output) else { return false }
      needed.formUnion(operation.inputs)
      return true
    }
    return reached.reversed()
  }

  /// The values that are constants, among those that `operations` take, in their order.
  func constants(of operations: [Operation]) -> [Tensor] {
    operations.flatMap(\.inputs).compactMap {
      if case .constant(let tensor) = sources[$0] { tensor } else { nil }
    }
  }

  func stepBegins(at position: StepPosition) {}
  func stepEnded(with error: (any Error)?) throws {}
  func passBegins() {}
  func backwardBegins() {}
  func pullbackBegins() {}
  func pulledBack(_ event: BackwardEvent) {}
  func passEnded() {}
}

/// Where numbers lie, and in which shape: by this a value is known.
struct TensorPlace: Hashable {
  private let start: UnsafeMutablePointer<Float>
  private let shape: Shape

  init(_ tensor: Tensor) { (start, shape) = (tensor.storage.start + tensor.offset, tensor.shape) }
}
