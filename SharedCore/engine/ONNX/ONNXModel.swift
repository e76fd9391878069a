import Utils

/// A network as ONNX has it (opset 17): for onnxruntime and whatever else reads it, in evaluation, for any number of samples.
///
/// One forward pass is followed operation by operation, so any network goes whose operations ONNX has; shapes other than the
/// number of samples, and whatever the network decides by itself, are as in that pass.
public struct ONNXModel {
  let graph: ONNXGraph
  let metadata: [(key: String, value: String)]

  /// How many operations there are.
  public var operationCount: Int { graph.nodes.count }

  /// The network for samples of shape `input`; traps when it does not take them.
  ///
  /// Throws a `LabError` that names what ONNX does not have here, and the layer that asks for it.
  ///
  /// - Parameter metadata: what else the file shall say, by name.
  public init(of network: any Layer, input: Shape, metadata: [String: String] = [:]) throws {
    self.metadata = metadata.sorted { $0.key < $1.key }
    let first = Pass(of: network, input, seed: 1)
    try first.check(against: Pass(of: network, input, seed: 2))
    var translation = ONNXTranslation(samples: Pass.samples, names: Self.names(network))
    translation.graph.input = Array(input)
    graph = try translation.graph(of: first.tracer, output: first.output)
  }

  /// The state's names by where the numbers lie.
  private static func names(_ network: any Module) -> [TensorPlace: String] {
    let named = network.state().compactMap { name, item -> (TensorPlace, String)? in
      switch item {
      case .parameter(let parameter): return (TensorPlace(parameter.value), name)
      case .buffer(let buffer):
        guard case .tensor(let tensor) = buffer.contents else { return nil }
        return (TensorPlace(tensor), name)
      }
    }
    return Dictionary(named) { first, _ in first }
  }

  /// A forward pass that was followed.
  private struct Pass {
    /// Not 1, or nobody could tell the samples from a direction of size 1.
    static let samples = 2

    let tracer: GraphTracer
    let output: Tensor
    let operations: [GraphTracer.Operation]

    init(of network: any Layer, _ shape: Shape, seed: UInt64) {
      var random = RandomStream(seed: seed, purpose: "onnx")
      let count = Self.samples * shape.elementCount
      let input = Tensor(
        (0..<count).map { _ in Float(random.normal()) }, shape: Shape([Self.samples] + shape))
      let tracer = GraphTracer(network, input: input)
      output = withMode(.evaluation) { observed(by: tracer) { network(input) } }
      self.tracer = tracer
      operations = tracer.operations(for: tracer.value(output))
    }

    /// Refuses a network that does other things with other samples, or whose operations do not tell of themselves.
    func check(against other: Pass) throws {
      let isSame =
        operations.map(\.event.name) == other.operations.map(\.event.name)
        && zip(tracer.constants(of: operations), other.tracer.constants(of: other.operations)).allSatisfy {
          $0.shape == $1.shape && ($0.storage === $1.storage || $0.elements == $1.elements)
        }
      guard isSame, operations.contains(where: { $0.inputs.contains(0) }) else {
        throw LabError(
          .model, "what the network does depends on its samples in a way that ONNX cannot be told",
          remedy: "export a feed-forward or convolutional network")
      }
    }
  }
}
