import Utils

extension ONNXTranslation {
  mutating func convolution(_ walk: ConvolutionWalk, _ event: ForwardEvent, _ inputs: [String]) -> String {
    graph.add(
      "Conv", inputs,
      [
        ("kernel_shape", .integers(Array(event.inputs[1].shape.dropFirst(2)))),
        ("strides", .integers(walk.stride)), ("pads", .integers(walk.padding + walk.padding)),
        ("dilations", .integers(walk.dilation)), ("group", .integer(walk.groups)),
      ])
  }

  /// The largest number or the mean of windows that walk over the input.
  ///
  /// Where the last window may reach beyond the edge, the padding behind it is said: readers do not agree on `ceil_mode`.
  mutating func pooling(
    _ walk: PoolingWalk, _ kind: OperationFacts.PoolingKind, _ operation: GraphTracer.Operation, _ x: String
  ) throws -> String {
    let (input, output) = (operation.event.inputs[0].shape, operation.event.output.shape)
    let ends = walk.kernel.indices.map { d in
      let reach = walk.dilation[d] * (walk.kernel[d] - 1) + 1
      return max(
        (output[d + 2] - 1) * walk.stride[d] + reach - input[d + 2] - walk.padding[d],
        walk.ceilMode ? 0 : walk.padding[d])
    }
    var attributes: [(name: String, value: ONNXNode.Attribute)] = [
      ("kernel_shape", .integers(walk.kernel)), ("strides", .integers(walk.stride)),
      ("pads", .integers(walk.padding + ends)),
    ]
    switch kind {
    case .max:
      if walk.dilation.contains(where: { $0 > 1 }) {
        attributes.append(("dilations", .integers(walk.dilation)))
      }
      return graph.add("MaxPool", [x], attributes)
    case .mean(let countsPadding, let divisor):
      guard divisor == nil, !countsPadding || zip(ends, walk.padding).allSatisfy({ $0 <= $1 }) else {
        throw Self.unknown("\(walk.op) with a divisor of its own or beyond its padding", operation)
      }
      attributes.append(("count_include_pad", .integer(countsPadding ? 1 : 0)))
      return graph.add("AveragePool", [x], attributes)
    }
  }

  /// Windows that divide the space. ONNX has them where all are of one size; other means are products with the windows'
  /// shares, first down the columns, then along the rows.
  mutating func adaptivePooling(
    _ output: [Int], isMean: Bool, _ operation: GraphTracer.Operation, _ x: String
  ) throws -> String {
    let input = Array(operation.event.inputs[0].shape.dropFirst(2))
    if output.allSatisfy({ $0 == 1 }) {
      return graph.add(isMean ? "GlobalAveragePool" : "GlobalMaxPool", [x])
    }
    guard zip(input, output).allSatisfy({ $0 % $1 == 0 }) else {
      if isMean, input.count == 2 {
        let columns = graph.add("MatMul", [constant(windowShares(input[0], output[0])), x])
        return graph.add("MatMul", [columns, constant(windowShares(input[1], output[1]).transposed())])
      }
      throw Self.unknown(
        "\(operation.event.name) from \(input) to \(output), windows of different sizes,", operation)
    }
    let kernel = zip(input, output).map { $0 / $1 }
    return graph.add(
      isMean ? "AveragePool" : "MaxPool", [x],
      [("kernel_shape", .integers(kernel)), ("strides", .integers(kernel))])
  }
}

/// [O, H], what each of H places gives to the mean of each of O windows; see `adaptiveAvgPool2d`.
private func windowShares(_ places: Int, _ windows: Int) -> Tensor {
  Tensor(shape: [windows, places]) { shares in
    for window in 0..<windows {
      let range = window * places / windows..<((window + 1) * places + windows - 1) / windows
      for place in 0..<places {
        shares[window * places + place] = range.contains(place) ? 1 / Float(range.count) : 0
      }
    }
  }
}
