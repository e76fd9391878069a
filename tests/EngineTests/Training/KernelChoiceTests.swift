import Foundation
import Testing
import Utils

@testable import Engine
@testable import Kernels

@Suite("KERNELS")
struct KernelChoiceTests {
  @Test("a network of two layers learns the same numbers on fast and on reference kernels")
  func agreement() async throws {
    let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
      setenv("KERNELS", "reference", 1)
      precondition(Kernels.chosen is ReferenceKernels, "KERNELS chooses the kernels")
      print("<\(try KernelChoiceTests.trained().map { JSONValue.number(Double($0)) }.jsonText)>")
    }
    let output = String(decoding: result.standardOutputContent, as: UTF8.self)
    let text = try #require(output.split(separator: "<").last?.split(separator: ">").first)
    let reference = try #require(try JSONValue(parsing: String(text)).array).map { Float($0.double ?? .nan) }
    #expect(Kernels.chosen is FastKernels)
    let fast = try Self.trained()
    #expect(fast.count == 181, "50 losses, 80 and 51 weights")
    #expect(isClose(fast, reference, 1e-5))
    #expect(fast[49] < 0.6 * fast[0], "it learns")
  }

  /// The losses of 50 steps and the weights after them.
  static func trained() throws -> [Float] {
    var random = RandomStream(seed: 5, purpose: "data")
    let labels = (0..<60).map { Int32($0 % 3) }
    let inputs = Tensor(shape: [60, 4]) { x in
      for i in 0..<x.count { x[i] = Float(random.normal()) + (i % 4 == Int(labels[i / 4]) ? 2 : 0) }
    }
    let batch = Batch(inputs: inputs, labels: IndexTensor(labels), indices: Array(0..<60))
    let network = TwoLayers(4, 16, 3)
    let rule = GradientRule(
      network: network, loss: .crossEntropy,
      optimizer: SGD(network.parameters(), learningRate: 0.05, momentum: 0.9, weightDecay: 1e-4))
    var numbers: [Float] = []
    for _ in 0..<50 { numbers.append(Float(try rule.step(batch).means["loss"] ?? .nan)) }
    return numbers + network.parameters().flatMap { $0.parameter.value.elements }
  }
}
