import Foundation
import Testing
import Utils

@testable import Engine
@testable import Kernels

@Suite("Every op")
struct OpCaseTests {
  @Test("its gradient is the central difference", arguments: OpCase.all)
  func gradient(op: OpCase) throws {
    let (y, g, gradients) = op.forwardAndBackward()
    for (input, gradient) in zip(op.differentiated, gradients) where op.inputs[input].count > 0 && y.count > 0
    {
      let gradient = try #require(gradient, "no gradient by input \(input)")
      #expect(gradient.shape == op.shapes[input])
      let difference = op.centralDifferences(by: input, g)
      // single precision leaves no more of a small entry beside a large one: both count by the largest
      let largest = max(difference.map { Swift.abs($0) }.max() ?? 0, 0.05)
      let worst = zip(gradient.elements, difference).map { Swift.abs(Double($0) - $1) }.max() ?? 0
      #expect(worst < 0.02 * largest, "input \(input): \(gradient.elements) against \(difference)")
    }
  }

  @Test("gives the same of images with the channels last, forwards and backwards", arguments: OpCase.all)
  func memoryOrder(op: OpCase) {
    let (expected, found) = (op.numbers, op.numbers(in: .channelsLast))
    for (found, expected) in zip(found, expected) {
      #expect(isClose(found, expected, 1e-5), "\(found) against \(expected)")
    }
  }

  @Test("gives the same on the reference kernels, forwards and backwards")
  func reference() async throws {
    let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
      setenv("KERNELS", "reference", 1)
      precondition(Kernels.chosen is ReferenceKernels, "KERNELS chooses the kernels")
      print(
        "<\(OpCase.all.map(\.numbers).map { JSONValue.array($0.map { .array($0.map { .number(Double($0)) }) }) }.jsonText)>"
      )
    }
    #expect(Kernels.chosen is FastKernels)
    let output = String(decoding: result.standardOutputContent, as: UTF8.self)
    let text = try #require(output.split(separator: "<").last?.split(separator: ">").first)
    let expected = try #require(try JSONValue(parsing: String(text)).array)
    #expect(expected.count == OpCase.all.count)
    for (op, expected) in zip(OpCase.all, expected) {
      let (ours, theirs) = (op.numbers, expected.array ?? [])
      #expect(ours.count == theirs.count, "\(op)")
      for (ours, theirs) in zip(ours, theirs) {
        let theirs = (theirs.array ?? []).map { Float($0.double ?? .nan) }
        #expect(isClose(ours, theirs, 1e-5), "\(op): \(ours) against \(theirs)")
      }
    }
  }
}

extension [JSONValue] {
  var jsonText: String { JSONValue.array(self).text() }
}

extension OpCase {
  /// The result, a gradient from above that is different everywhere, and the gradients that come of it.
  func forwardAndBackward(
    in order: MemoryOrder = .rowMajor
  ) -> (y: Tensor, g: Tensor, gradients: [Tensor?]) {
    let inputs = inputs.map { $0.arranged(in: order) }
    let shape = compute(inputs).shape
    let numbers = (0..<shape.elementCount).map { 0.5 + 0.1 * Float($0 % 7) }
    let g = Tensor(numbers, shape: shape).arranged(in: order)
    let (y, gradients) = valueAndGradients(at: differentiated.map { inputs[$0] }, upstream: g) { leaves in
      var all = inputs
      for (leaf, input) in zip(leaves, differentiated) { all[input] = leaf }
      return compute(all)
    }
    return (y, g, gradients)
  }

  /// The result and all gradients.
  var numbers: [[Float]] { numbers(in: .rowMajor) }

  /// The same of inputs that lie in `order`.
  func numbers(in order: MemoryOrder) -> [[Float]] {
    let (y, _, gradients) = forwardAndBackward(in: order)
    return [y.elements] + gradients.map { $0?.elements ?? [] }
  }

  /// The derivative of sum(g y) by every element of an input.
  func centralDifferences(by input: Int, _ g: Tensor) -> [Double] {
    let step: Float = 0.01
    var inputs = self.inputs
    func objective(_ elements: [Float]) -> Double {
      inputs[input] = Tensor(elements, shape: shapes[input])
      return zip(compute(inputs).elements, g.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let x = inputs[input].elements
    return x.indices.map { i in
      var (up, down) = (x, x)
      up[i] += step
      down[i] -= step
      return (objective(up) - objective(down)) / Double(up[i] - down[i])
    }
  }
}

/// The same numbers to `tolerance` of 1 + |expected|; NaN and infinities in the same places.
func isClose(_ found: [Float], _ expected: [Float], _ tolerance: Float) -> Bool {
  found.count == expected.count
    && zip(found, expected).allSatisfy { x, y in
      x == y || (x.isNaN && y.isNaN) || Swift.abs(x - y) <= tolerance * (1 + Swift.abs(y))
    }
}
