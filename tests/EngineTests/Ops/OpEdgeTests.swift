import Testing

@testable import Engine

@Suite("Ops at the edge")
struct OpEdgeTests {
  @Test("logarithms and roots of 0 and below are what the standard says")
  func domains() {
    #expect(log(Tensor([0])).elements == [-.infinity])
    #expect(log(Tensor([-1])).scalar.isNaN && sqrt(Tensor([-1])).scalar.isNaN)
    #expect(valueAndGradients(at: [Tensor([0])]) { log($0[0]) }.gradients[0]?.elements == [.infinity])
    #expect(valueAndGradients(at: [Tensor([0])]) { abs($0[0]) }.gradients[0]?.elements == [0])
    #expect(valueAndGradients(at: [Tensor([0])]) { relu($0[0]) }.gradients[0]?.elements == [0])
    #expect(relu(Tensor([.nan])).scalar.isNaN)
  }

  @Test("logits of any size have a finite loss and gradient")
  func largeLogits() {
    for scale in [Float(1e-30), 1, 1e30] {
      let x = Tensor([scale, -scale, 0], shape: [1, 3])
      let (loss, gradients) = valueAndGradients(at: [x]) { crossEntropy($0[0], IndexTensor([1])) }
      #expect(loss.scalar.isFinite && gradients[0]?.isFinite == true, "logits of \(scale)")
      #expect(Swift.abs(softmax(x).sum().scalar - 1) < 1e-6)
      #expect(binaryCrossEntropyWithLogits(x, Tensor([1, 0, 1], shape: [1, 3])).scalar.isFinite)
    }
    #expect(softmax(Tensor([-.infinity, 0])).elements == [0, 1])
    #expect(softmax(Tensor([-.infinity, -.infinity])).elements.allSatisfy { $0.isNaN })
    #expect(crossEntropy(Tensor([0, -.infinity], shape: [1, 2]), IndexTensor([1])).scalar == .infinity)
  }

  @Test("the mean of equal numbers is that number; of none it is NaN")
  func means() {
    for count in [3, 7, 49, 1000] {
      #expect(Tensor(repeating: 1, shape: [count]).mean().scalar == 1, "\(count)")
    }
    #expect(Tensor([]).mean().scalar.isNaN && Tensor([]).sum().scalar == 0)
    #expect(crossEntropy(Tensor([], shape: [0, 3]), IndexTensor([])).scalar.isNaN)
  }

  @Test("the first of equal maxima counts, forwards and backwards")
  func ties() {
    let x = Tensor([2, 5, 5, 1, 5, 0], shape: [2, 3])
    #expect(x.argmax(over: 1) == IndexTensor([1, 1]))
    #expect(x.argmax(over: -2) == IndexTensor([0, 0, 0]))
    #expect(valueAndGradients(at: [x]) { $0[0].max(over: 1) }.gradients[0]?.elements == [0, 1, 0, 0, 1, 0])
  }

  @Test("shapes print and compare as in the literature")
  func shapes() {
    let shape: Shape = [64, 1, 28]
    #expect("\(shape)" == "[64, 1, 28]" && shape.elementCount == 1792 && shape.last == 28)
    #expect(shape.without(1, kept: false) == [64, 28] && shape.without(0, kept: true) == [1, 1, 28])
    #expect(shape.replacingLast(with: 3) == [64, 1, 3] && shape.product(of: 1..<3) == 28)
    #expect(([1, 2] as Shape) != [1, 2, 1] && Set([shape, [64, 1, 28], [64]]).count == 2)
    #expect(([] as Shape).elementCount == 1 && ([3, 0] as Shape).elementCount == 0)
    #expect("\(Tensor([1, 2]))" == "Tensor[2](1.0, 2.0)")
  }

  @Test("a mistake traps with the op and both shapes")
  func traps() async throws {
    func message(_ result: ExitTest.Result?) -> String {
      String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }
    let product = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = matmul(Tensor(repeating: 0, shape: [2, 3]), Tensor(repeating: 0, shape: [2, 3]))
    }
    #expect(message(product).contains("matmul: shapes [2, 3] and [2, 3] do not multiply"))
    let sum = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2]) + Tensor([1, 2, 3])
    }
    #expect(message(sum).contains("add: shapes [2] and [3] do not broadcast"))
    let label = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossEntropy(Tensor(repeating: 0, shape: [1, 3]), IndexTensor([3]))
    }
    #expect(message(label).contains("label 3 of sample 0 is not one of 3 classes"))
  }
}
