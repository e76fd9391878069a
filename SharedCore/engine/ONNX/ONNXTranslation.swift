import Kernels
import Utils

/// Says in ONNX's operations what a forward pass did.
struct ONNXTranslation {
  /// How many samples the pass had.
  let samples: Int
  /// What numbers are called in the state.
  let names: [TensorPlace: String]
  var graph = ONNXGraph()

  init(samples: Int, names: [TensorPlace: String]) { (self.samples, self.names) = (samples, names) }

  /// The graph of the operations that lead to `output`.
  mutating func graph(of tracer: GraphTracer, output: Tensor) throws -> ONNXGraph {
    guard output.shape.first == samples, case .operation = tracer.sources[tracer.value(output)] else {
      throw LabError(
        .model, "the network's output \(output.shape) has no row a sample",
        remedy: "export a network that answers for each sample")
    }
    var values = [0: ONNXGraph.inputName]
    for operation in tracer.operations(for: tracer.value(output)) {
      for input in operation.inputs where values[input] == nil {
        guard case .constant(let tensor) = tracer.sources[input] else { continue }
        values[input] = constant(tensor)
      }
      let inputs = operation.inputs.map { values[$0] ?? "" }
      values[operation.output] = try translated(operation, inputs)
    }
    graph.add("Identity", [values[tracer.value(output)] ?? ""], as: ONNXGraph.outputName)
    graph.dropUnused()
    graph.output = Array(output.shape.dropFirst())
    return graph
  }

  /// The name of numbers that were there before: that of the state, where they are in it.
  mutating func constant(_ tensor: Tensor) -> String {
    graph.constant(tensor, named: names[TensorPlace(tensor)])
  }

  /// The value of one operation.
  private mutating func translated(_ operation: GraphTracer.Operation, _ inputs: [String]) throws -> String {
    let event = operation.event
    guard let facts = event.facts else { return try plain(operation, inputs) }
    let x = inputs[0]
    switch facts {
    case .unary(let function): return try unary(function, x, operation)
    case .affine(let scale, let shift):
      let scaled = scale == 1 ? x : graph.add("Mul", [x, graph.constant(scale)])
      return shift == 0 ? scaled : graph.add("Add", [scaled, graph.constant(shift)])
    case .divided(let divisor): return graph.add("Div", [x, graph.constant(divisor)])
    case .convolution(let walk): return convolution(walk, event, inputs)
    case .pooling(let walk, let kind): return try pooling(walk, kind, operation, x)
    case .adaptivePooling(let output, let isMean):
      return try adaptivePooling(output, isMean: isMean, operation, x)
    case .batchNorm(let weight, let bias, let mean, let variance, let epsilon):
      let ones = weight ?? Tensor(repeating: 1, shape: mean.shape)
      let zeros = bias ?? Tensor(repeating: 0, shape: mean.shape)
      return graph.add(
        "BatchNormalization", [x] + [ones, zeros, mean, variance].map { constant($0) },
        [("epsilon", .float(epsilon))])
    case .layerNorm(let weight, let bias, let dimensions, let epsilon):
      let row = Shape(event.output.shape.suffix(dimensions))
      let ones = weight ?? Tensor(repeating: 1, shape: row)
      return graph.add(
        "LayerNormalization", [x, constant(ones)] + (bias.map { [constant($0)] } ?? []),
        [("axis", .integer(-dimensions)), ("epsilon", .float(epsilon))])
    case .localResponse(let norm):
      return graph.add(
        "LRN", [x],
        [
          ("alpha", .float(norm.alpha)), ("beta", .float(norm.beta)), ("bias", .float(norm.k)),
          ("size", .integer(norm.size)),
        ])
    case .permuted(let order): return graph.add("Transpose", [x], [("perm", .integers(order))])
    case .sliced where event.inputs[0].shape == event.output.shape: return x
    case .sliced(let dimension, let start, let end, let step):
      return graph.add("Slice", [x] + [[start], [end], [dimension], [step]].map { graph.constant($0) })
    case .expanded: return expanded(event, x)
    case .concatenated(let dimension): return concatenated(dimension, event, inputs)
    case .summed(let dimension, let isKept):
      return graph.add(
        "ReduceSum", [x, graph.constant([dimension])], [("keepdims", .integer(isKept ? 1 : 0))])
    case .largest(let dimension, let isKept):
      return graph.add(
        "ReduceMax", [x],
        [("axes", .integers([dimension])), ("keepdims", .integer(isKept ? 1 : 0))])
    case .softmax(let isLogarithm):
      return graph.add(isLogarithm ? "LogSoftmax" : "Softmax", [x], [("axis", .integer(-1))])
    }
  }

  /// The operations that are known by their name alone.
  private mutating func plain(_ operation: GraphTracer.Operation, _ inputs: [String]) throws -> String {
    let pairs = [
      "+": "Add", "-": "Sub", "*": "Mul", "/": "Div", "maximum": "Max", "minimum": "Min", "matmul": "MatMul",
      "batchedMatmul": "MatMul",
    ]
    let event = operation.event
    switch event.name {
    case let name where inputs.count == 2 && pairs[name] != nil: return graph.add(pairs[name] ?? "", inputs)
    case "linear": return linear(event, inputs)
    case "reshaped": return reshaped(event, inputs[0])
    default: throw Self.unknown(event.name, operation)
    }
  }

  /// There is no such operation: the sentence.
  static func unknown(_ name: String, _ operation: GraphTracer.Operation) -> LabError {
    LabError(
      .model, "\(name) at the layer \(operation.layer) cannot be exported to ONNX",
      remedy: "export a feed-forward or convolutional network, or add the operation to ONNXTranslation")
  }
}
