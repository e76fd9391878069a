import Foundation
import Testing
import Utils

@testable import Engine

/// Networks as ONNX graphs: which operations they become, what the file holds, and what is refused.
@Suite struct ONNXModelTests {
  /// A network that is one function.
  private final class Function: Layer {
    let conv: Conv2d
    let body: (Tensor) -> Tensor

    init(_ body: @escaping (Tensor) -> Tensor) {
      var random = RandomStream(seed: 1)
      conv = Conv2d(3, 4, kernel: 3, padding: 1, using: &random)
      self.body = body
    }

    func callAsFunction(_ x: Tensor) -> Tensor { body(conv(x)) }
  }

  /// The operations after the convolution, up to the one that names the output.
  private func operations(_ body: @escaping (Tensor) -> Tensor) throws -> [ONNXNode] {
    let nodes = try ONNXModel(of: Function(body), input: [3, 8, 6]).graph.nodes
    #expect(nodes.first?.operation == "Conv" && nodes.last?.operation == "Identity")
    #expect(nodes.last?.output == "output")
    return Array(nodes.dropFirst().dropLast())
  }

  private static let cases: [(names: [String], body: @Sendable (Tensor) -> Tensor)] = [
    (["Relu"], { relu($0) }), (["Sigmoid"], { sigmoid($0) }), (["Tanh"], { tanh($0) }),
    (["Mul", "Erf", "Add", "Mul", "Mul"], { gelu($0) }), (["LeakyRelu"], { leakyRelu($0) }),
    (["Sigmoid", "Mul"], { silu($0) }), (["Clip"], { clamp($0, lower: 0, upper: 6) }),
    (["HardSwish"], { hardswish($0) }), (["Elu", "Mul"], { selu($0) }),
    (["MaxPool"], { maxPool2d($0, 2) }), (["MaxPool"], { maxPool2d($0, 3, stride: 2, ceilMode: true) }),
    (["AveragePool"], { avgPool2d($0, 3, stride: 1, padding: 1, countIncludesPadding: false) }),
    (["GlobalAveragePool"], { adaptiveAvgPool2d($0, 1) }),
    (["AveragePool"], { adaptiveAvgPool2d($0, [4, 3]) }),
    (["MatMul", "MatMul"], { adaptiveAvgPool2d($0, [3, 4]) }),  // windows of different sizes
    (["LRN"], { localResponseNorm($0, size: 5) }), (["Flatten"], { $0.flattened(from: 1) }),
    (["Add"], { $0 + 1 }), (["Mul", "Add"], { $0 * 2 + $0 }),
    (["Concat"], { concatenate([$0, $0], along: 1) }),
    (["Pad"], { $0.padded(along: 1, before: 2, after: 1) }),
    (["Transpose"], { $0.permuted(to: [0, 2, 3, 1]) }),
    (["Slice"], { $0.narrowed(along: 2, from: 1, count: 3) }),
    (["Reshape"], { $0.reshaped(to: [2, 4, 48]) }),
    (["ReduceSum", "Div"], { $0.mean(over: 2) }), (["ReduceMax"], { $0.max(over: 1) }),
    (["Softmax"], { softmax($0) }), (["Relu", "Sub"], { x in x - relu(x) }),
  ]

  @Test(arguments: cases.indices) func everyOperationHasItsName(index: Int) throws {
    let nodes = try operations(Self.cases[index].body)
    #expect(nodes.map(\.operation) == Self.cases[index].names)
  }

  @Test func paddingForZerosIsForAnyNumberOfSamples() throws {
    let graph = try ONNXModel(
      of: Function { $0.padded(along: 1, before: 2, after: 1) }, input: [3, 8, 6]
    ).graph
    let pads = graph.initializers.compactMap {
      if case .integers(let numbers) = $0.value { numbers } else { nil }
    }
    #expect(
      graph.initializers.count == 4, "the weights, where to pad and with what: not the zeros themselves")
    #expect(pads == [[0, 2, 0, 0, 0, 1, 0, 0]] && graph.output == [7, 8, 6])
  }

  @Test func windowsBehindTheEdgeAreSaidAsPadding() throws {
    let pool = try operations { maxPool2d($0, 3, stride: 2, ceilMode: true) }[0]
    #expect(pool.attributes.first { $0.name == "pads" }?.value == .integers([0, 0, 1, 1]))
    let floor = try operations { maxPool2d($0, 3, stride: 2, padding: 1) }[0]
    #expect(floor.attributes.first { $0.name == "pads" }?.value == .integers([1, 1, 1, 1]))
  }

  @Test func numbersHaveTheStatesNames() throws {
    var random = RandomStream(seed: 1)
    let network = Sequential(
      Conv2d(3, 4, kernel: 3, using: &random), BatchNorm2d(4), ReLU(), Flatten(),
      Linear(96, 5, using: &random))
    let graph = try ONNXModel(of: network, input: [3, 8, 6]).graph
    #expect(
      Set(graph.initializers.map(\.name))
        == Set(network.state().map(\.name).filter { !$0.hasSuffix("tracked") }))
    #expect(
      graph.nodes.map(\.operation) == ["Conv", "BatchNormalization", "Relu", "Flatten", "Gemm", "Identity"])
    #expect(graph.input == [3, 8, 6] && graph.output == [5])
  }

  @Test func theFileHoldsEveryNumberOnce() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).onnx")
    defer { try? FileManager.default.removeItem(at: url) }
    let network = Function { relu($0) }
    try ONNXModel(of: network, input: [3, 8, 6], metadata: ["classes": "[]"]).write(to: url)
    let bytes = try Data(contentsOf: url)
    #expect(bytes.prefix(2) == Data([8, 8]), "the intermediate representation 8")
    let weights = network.conv.weight.value.elements.withUnsafeBytes { Data($0) }
    #expect(bytes.ranges(of: weights).count == 1)
    #expect((weights.count..<weights.count + 700).contains(bytes.count))
    #expect(String(decoding: bytes, as: UTF8.self).contains("conv.weight"))
  }

  @Test func whatONNXDoesNotHaveIsNamedWithItsLayer() throws {
    func refusal(_ body: @escaping (Tensor) -> Tensor) -> String {
      do {
        _ = try ONNXModel(of: Function(body), input: [3, 8, 6])
        return ""
      } catch { return "\(error)" }
    }
    #expect(refusal { $0.flipped(along: [2]) }.hasPrefix("flipped at the layer conv cannot be exported"))
    #expect(refusal { adaptiveMaxPool2d($0, [3, 4]) }.contains("from [8, 6] to [3, 4]"))
    #expect(refusal { $0.sum() }.contains("has no row a sample"))
    #expect(refusal { $0 * Tensor($0.elements, shape: $0.shape) }.contains("depends on its samples"))
  }

  @Test func theExampleIsWhatTheNetworkAnswers() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    let network = Function { relu($0) }
    try ONNXModel.writeExample(of: network, input: [3, 8, 6], to: url)
    let file = try SafetensorsFile(contentsOf: url)
    let x = Tensor(try file.floats("input"), shape: [3, 3, 8, 6])
    #expect(try file.floats("output") == network(x).elements)
  }
}
