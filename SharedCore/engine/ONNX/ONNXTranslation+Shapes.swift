import Utils

extension ONNXTranslation {
  /// Another shape: with the samples as they are, or of as many as there are then.
  mutating func reshaped(_ event: ForwardEvent, _ x: String) -> String {
    let (old, new) = (event.inputs[0].shape, event.output.shape)
    guard old != new else { return x }
    let keepsSamples = old.first == samples && new.first == samples
    if keepsSamples, new.count == 2 { return graph.add("Flatten", [x], [("axis", .integer(1))]) }
    // 0 takes a size over from the input; of -1 there may be one, which follows from the others
    var sizes = Array(new)
    if keepsSamples {
      sizes[0] = 0
    } else if old.first == samples, let first = sizes.first, first % samples == 0 {
      sizes[0] = -1
    }
    return graph.add("Reshape", [x, graph.constant(sizes)])
  }

  /// Repeated to a larger shape: 1 where a size stays.
  mutating func expanded(_ event: ForwardEvent, _ x: String) -> String {
    let (old, new) = (event.inputs[0].shape, event.output.shape)
    let outer = new.count - old.count
    let sizes = new.indices.map { $0 >= outer && old[$0 - outer] == new[$0] ? 1 : new[$0] }
    return graph.add("Expand", [x, graph.constant(sizes)])
  }

  /// Parts side by side; one among constants of one number is padded, for any number of samples.
  mutating func concatenated(_ dimension: Int, _ event: ForwardEvent, _ inputs: [String]) -> String {
    let parts = event.inputs.enumerated().filter { $0.element.count > 0 }
    let numbers = parts.map { names[TensorPlace($0.element)] == nil ? $0.element.repeatedNumber : nil }
    let own = numbers.indices.filter { numbers[$0] == nil }
    let edges = Set(numbers.compactMap(\.self))
    guard own.count == 1, edges.count == 1, let edge = edges.first, dimension > 0 else {
      return graph.add("Concat", parts.map { inputs[$0.offset] }, [("axis", .integer(dimension))])
    }
    let rank = event.output.shape.count
    var pads = [Int](repeating: 0, count: 2 * rank)
    for (place, part) in parts.enumerated() where place != own[0] {
      pads[place < own[0] ? dimension : rank + dimension] += part.element.shape[dimension]
    }
    return graph.add("Pad", [inputs[parts[own[0]].offset], graph.constant(pads), graph.constant(edge)])
  }

  /// y = x wT + b: one operation for rows, two for rows in more dimensions.
  mutating func linear(_ event: ForwardEvent, _ inputs: [String]) -> String {
    if event.inputs[0].shape.count == 2 {
      return graph.add("Gemm", inputs, [("transB", .integer(1))])
    }
    let turned = graph.add("Transpose", [inputs[1]], [("perm", .integers([1, 0]))])
    let product = graph.add("MatMul", [inputs[0], turned])
    return inputs.count == 3 ? graph.add("Add", [product, inputs[2]]) : product
  }
}

extension Tensor {
  /// The number that it holds everywhere; nil where numbers differ.
  fileprivate var repeatedNumber: Float? {
    withMemory { span in
      for i in 0..<span.count where span[i] != span[0] { return nil }
      return span[0]
    }
  }
}
