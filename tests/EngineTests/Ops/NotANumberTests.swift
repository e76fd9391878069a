import Testing
import Utils

@testable import Engine

/// Where a NaN could arise in silence: what PyTorch does there, we do.
@Suite("Nothing becomes NaN in silence")
struct NotANumberTests {
  /// The result and the gradient by the first input.
  private func both(_ x: Tensor, _ function: @escaping (Tensor) -> Tensor) throws -> (y: [Float], dx: [Float])
  {
    let (y, gradients) = valueAndGradients(at: [x]) { function($0[0]) }
    return (y.elements, try #require(gradients[0]).elements)
  }

  private func expect(
    _ x: Tensor, _ y: [Float], _ dx: [Float], at location: SourceLocation = #_sourceLocation,
    _ function: @escaping (Tensor) -> Tensor
  ) throws {
    let found = try both(x, function)
    #expect(found.y == y && found.dx == dx, sourceLocation: location)
  }

  @Test("norms of equal numbers give their bias, with finite gradients")
  func equalNumbers() throws {
    let x = Tensor(repeating: 3, shape: [2, 4, 5])
    let bias = Tensor([1, 2, 3, 4])
    let ones = Tensor(repeating: 1, shape: [4])
    let flat = Tensor(repeating: 3, shape: [5, 4])
    let results: [(String, Tensor, (Tensor) -> Tensor)] = [
      ("layer", flat, { layerNorm($0, ones, bias) }),
      ("group", x, { groupNorm($0, groups: 2, ones, bias) }),
      ("instance", x, { instanceNorm($0, ones, bias) }),
      ("batch", x, { batchNorm($0, ones, bias).output }),
    ]
    for (name, x, norm) in results {
      let (y, dx) = try both(x) { square(norm($0)) }
      #expect(Set(y) == [1, 4, 9, 16] && dx.allSatisfy(\.isFinite), "\(name): \(y), \(dx)")
    }
    let (zero, gradient) = try both(Tensor(repeating: 0, shape: [2, 4])) { rmsNorm($0, ones) }
    #expect(zero.allSatisfy { $0 == 0 } && gradient.allSatisfy(\.isFinite))
  }

  @Test("the deviation of equal numbers is 0 with gradient 0, that of one number NaN")
  func deviation() throws {
    let (y, dx) = try both(Tensor([2, 2, 2, 1, 2, 3], shape: [2, 3])) { $0.standardDeviation(over: [1]) }
    #expect(isClose(y, [0, 1], 1e-6) && isClose(dx, [0, 0, 0, -0.5, 0, 0.5], 1e-6), "\(dx)")
    #expect(Tensor([5]).standardDeviation(over: [0]).scalar.isNaN, "as in PyTorch: it divides by 0")
    #expect(Tensor([5]).standardDeviation(over: [0], unbiased: false).scalar == 0)
  }

  @Test("lengths and powers of 0")
  func zeros() throws {
    let zeros = Tensor([0, 0], shape: [1, 2])
    try expect(zeros, [0], [0, 0]) { $0.norm(over: [1]) }
    try expect(Tensor([0]), [1], [0]) { pow($0, 0) }
    try expect(Tensor([0]), [0], [0]) { pow($0, 2) }
    try expect(Tensor([0]), [0], [.infinity]) { sqrt($0) }
    let (y, dx) = try both(zeros) { cosineSimilarity($0, Tensor([1, 2], shape: [1, 2]), over: 1) }
    #expect(y == [0] && dx.allSatisfy(\.isFinite))
  }

  @Test("rows of -infinity: softmax has no answer, the logarithm of their sum has")
  func closedRows() throws {
    let closed = Tensor([-.infinity, -.infinity, 0, -.infinity], shape: [2, 2])
    #expect(softmax(closed).elements.map(\.isNaN) == [true, true, false, false])
    #expect(logSoftmax(closed).elements.map(\.isNaN) == [true, true, false, false])
    let (y, dx) = try both(closed) { $0.logSumExp(over: 1) }
    #expect(y == [-.infinity, 0] && dx == [0, 0, 1, 0])
  }

  @Test("losses at the ends of the probabilities")
  func losses() throws {
    let (hit, dhit) = try both(Tensor([0, 1])) { binaryCrossEntropy($0, Tensor([0, 1])) }
    #expect(hit == [0] && dhit.allSatisfy(\.isFinite))
    let (miss, dmiss) = try both(Tensor([0, 1])) { binaryCrossEntropy($0, Tensor([1, 0])) }
    #expect(miss == [100] && dmiss.allSatisfy(\.isFinite), "as PyTorch: the logarithm ends at -100")
    let (sure, dsure) = try both(Tensor([1000, -1000], shape: [1, 2])) { crossEntropy($0, IndexTensor([0])) }
    #expect(sure == [0] && dsure == [0, 0])
    let nobody = crossEntropy(Tensor([1, 2], shape: [1, 2]), IndexTensor([7]), ignoring: 7)
    #expect(nobody.scalar.isNaN, "the mean of none, as in PyTorch")
  }

  @Test("a NaN of the input comes through every reduction and comparison")
  func propagation() {
    let x = Tensor([1, .nan, 3])
    #expect(x.sum().scalar.isNaN && x.max(over: 0).scalar.isNaN && x.min(over: 0).scalar.isNaN)
    #expect(maximum(x, Tensor([2, 2, 2])).elements[1].isNaN && clamp(x, lower: 0).elements[1].isNaN)
    #expect(relu(x).elements[1].isNaN && leakyRelu(x).elements[1].isNaN && hardswish(x).elements[1].isNaN)
    #expect(x.norm(over: [0]).scalar.isNaN && x.logSumExp(over: 0).scalar.isNaN)
  }
}
