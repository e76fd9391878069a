import Foundation
import Utils

/// The bytes of an ONNX file: protocol-buffer messages, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
extension ONNXModel {
  /// The intermediate representation and the operator set: old enough for old readers.
  private static let representation = 8, operatorSet = 17
  private static let float = 1, int64 = 7
  /// A message of protocol buffers is not longer.
  private static let largest = Int(Int32.max)

  /// Writes the file at `url`, whole or not at all.
  ///
  /// Throws a `LabError` when it cannot be written, or would be larger than ONNX's 2 GiB.
  public func write(to url: URL) throws {
    let nodes = ProtobufMessage { message in
      for node in graph.nodes { message.add(1, Self.message(node)) }
      message.add(2, "network")
    }
    let tensors = graph.initializers.map(Self.header)
    let ends = ProtobufMessage { message in
      message.add(11, Self.message(ONNXGraph.inputName, graph.input))
      message.add(12, Self.message(ONNXGraph.outputName, graph.output))
    }
    let initializerBytes = tensors.reduce(0) { sum, tensor in
      let length = tensor.header.count + tensor.byteCount
      return sum + ProtobufMessage.beginning(5, byteCount: length).count + length
    }
    let length = nodes.bytes.count + initializerBytes + ends.bytes.count
    guard length + 100_000 < Self.largest else {
      throw LabError(
        .model, "\(url.relativePath) would be larger than 2 GiB, which ONNX does not allow in one file",
        remedy: "export a smaller network")
    }
    try AtomicFile.write(to: url, kind: .checkpoint) { output in
      func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try output.append($0) } }
      try write(frame.bytes)
      try write(ProtobufMessage.beginning(7, byteCount: length))
      try write(nodes.bytes)
      for (initializer, tensor) in zip(graph.initializers, tensors) {
        try write(ProtobufMessage.beginning(5, byteCount: tensor.header.count + tensor.byteCount))
        try write(tensor.header)
        try Self.write(initializer.value, write, output)
      }
      try write(ends.bytes)
    }
  }

  /// Everything of the model but its graph.
  private var frame: ProtobufMessage {
    ProtobufMessage { message in
      message.add(1, Self.representation)
      message.add(2, "AI From Scratch to Scale")
      message.add(8) { set in
        set.add(1, "")
        set.add(2, Self.operatorSet)
      }
      for (key, value) in metadata {
        message.add(14) { entry in
          entry.add(1, key)
          entry.add(2, value)
        }
      }
    }
  }

  private static func message(_ node: ONNXNode) -> ProtobufMessage {
    ProtobufMessage { message in
      for input in node.inputs { message.add(1, input) }
      message.add(2, node.output)
      message.add(3, "make_\(node.output)")
      message.add(4, node.operation)
      for (name, value) in node.attributes {
        message.add(5) { attribute in
          attribute.add(1, name)
          switch value {
          case .float(let number):
            attribute.add(2, number)
            attribute.add(20, 1)
          case .integer(let number):
            attribute.add(3, number)
            attribute.add(20, 2)
          case .integers(let numbers):
            for number in numbers { attribute.add(8, number) }
            attribute.add(20, 7)
          }
        }
      }
    }
  }

  /// The description of a value of floats: any number of samples, then `sizes`.
  private static func message(_ name: String, _ sizes: [Int]) -> ProtobufMessage {
    ProtobufMessage { message in
      message.add(1, name)
      message.add(2) { type in
        type.add(1) { tensor in
          tensor.add(1, float)
          tensor.add(2) { shape in
            shape.add(1) { $0.add(2, "N") }
            for size in sizes { shape.add(1) { $0.add(1, size) } }
          }
        }
      }
    }
  }

  /// A tensor's message up to where its bytes begin, and how many these are.
  private static func header(_ initializer: (name: String, value: ONNXGraph.Initializer)) -> (
    header: [UInt8], byteCount: Int
  ) {
    let (shape, type, byteCount) =
      switch initializer.value {
      case .floats(let tensor): (Array(tensor.shape), float, 4 * tensor.count)
      case .integers(let numbers): ([numbers.count], int64, 8 * numbers.count)
      }
    let message = ProtobufMessage { message in
      for size in shape { message.add(1, size) }
      message.add(2, type)
      message.add(8, initializer.name)
    }
    return (message.bytes + ProtobufMessage.beginning(9, byteCount: byteCount), byteCount)
  }

  private static func write(
    _ value: ONNXGraph.Initializer, _ write: ([UInt8]) throws -> Void, _ output: AtomicFile.Output
  ) throws {
    switch value {
    case .floats(let tensor):
      try tensor.withSpan { span in
        try span.withUnsafeBufferPointer { try output.append(UnsafeRawBufferPointer($0)) }
      }
    case .integers(let numbers):
      try write(numbers.flatMap { number in withUnsafeBytes(of: Int64(number).littleEndian) { Array($0) } })
    }
  }
}
