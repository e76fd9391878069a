import Testing

@testable import Engine

@Suite("Functions, views and losses at the edge")
struct MoreOpEdgeTests {
  @Test("functions and their derivatives are finite at any size")
  func extremes() {
    let functions: [(String, ([Tensor]) -> Tensor)] = [
      ("silu", { silu($0[0]) }), ("softplus", { softplus($0[0]) }), ("mish", { mish($0[0]) }),
      ("gelu", { gelu($0[0]) }), ("geluTanh", { geluTanh($0[0]) }), ("hardswish", { hardswish($0[0]) }),
      ("elu", { elu($0[0]) }), ("selu", { selu($0[0]) }), ("leakyRelu", { leakyRelu($0[0]) }),
      ("erf", { erf($0[0]) }), ("atan", { atan($0[0]) }), ("clamp", { clamp($0[0], lower: -1, upper: 1) }),
      ("logSumExp", { $0[0].logSumExp(over: 0) }), ("norm", { $0[0].norm(over: [0]) }),
      ("focal", { sigmoidFocal($0[0], Tensor([0, 1, 1, 0, 1]), gamma: 0.5) }),
      (
        "weighted",
        { binaryCrossEntropyWithLogits($0[0], Tensor([0, 1, 1, 0, 1]), positiveWeights: Tensor(2)) }
      ),
    ]
    for (name, function) in functions {
      let x = Tensor([1e30, -1e30, 1e-30, -1e-30, 0])
      let (y, gradients) = valueAndGradients(at: [x], function)
      #expect(y.isFinite && gradients[0]?.isFinite == true, "\(name): \(y), \(gradients)")
    }
  }

  @Test("lengths, similarities and logarithms of nothing")
  func nothing() {
    let zero = Tensor([0, 0, 0])
    #expect(valueAndGradients(at: [zero]) { $0[0].norm(over: [0]) }.gradients[0]?.elements == [0, 0, 0])
    #expect(cosineSimilarity(zero, Tensor([1, 2, 3]), over: 0).scalar == 0)
    let none = Tensor(repeating: -.infinity, shape: [2])
    let (sum, gradients) = valueAndGradients(at: [none]) { $0[0].logSumExp(over: 0) }
    #expect(sum.scalar == -.infinity && gradients[0]?.elements == [0, 0])
    #expect(Tensor([.infinity, 0]).logSumExp(over: 0).scalar == .infinity)
    #expect(Tensor([3e30, 4e30]).norm(over: [0]).scalar == 5e30)
    #expect(Tensor([1, 2]).variance(over: []).elements.allSatisfy { $0.isNaN })
    #expect(klDivergence(Tensor([-1, -2]), Tensor([0, 1])).scalar == 1)
    #expect(pow(Tensor([0, -2]), 0).elements == [1, 1])
    #expect(valueAndGradients(at: [Tensor([0])]) { pow($0[0], 0) }.gradients[0]?.elements == [0])
  }

  @Test("what a mask hides counts neither forwards nor backwards, NaN or not")
  func masks() {
    let mask = Mask([true, false], shape: [2])
    let x = Tensor([1, .nan])
    #expect(select(x, where: mask, else: Tensor(7)).elements == [1, 7])
    #expect(x.filled(with: -.infinity, where: !mask).elements == [1, -.infinity])
    let (_, gradients) = valueAndGradients(at: [x], upstream: Tensor([2, .infinity])) {
      select($0[0], where: mask, else: Tensor(0))
    }
    #expect(gradients[0]?.elements == [2, 0])
    #expect(Mask.lowerTriangle(2, 3).flags.elements == [1, 0, 0, 1, 1, 0])
    #expect(Mask.lowerTriangle(2, 3, diagonal: 1).flags.elements == [1, 1, 0, 1, 1, 1])
    #expect("\(mask)" == "Mask[2](1 of 2)")
  }

  @Test("equals share a gradient; a NaN wins")
  func equals() {
    let (a, b) = (Tensor([1, 2, .nan]), Tensor([1, 3, 0]))
    let (y, gradients) = valueAndGradients(at: [a, b]) { maximum($0[0], $0[1]) }
    #expect(y.elements[0] == 1 && y.elements[1] == 3 && y.elements[2].isNaN)
    #expect(gradients[0]?.elements.prefix(2) == [0.5, 0] && gradients[1]?.elements.prefix(2) == [0.5, 1])
    #expect(minimum(a, b).elements[2].isNaN)
  }

  @Test("sorting keeps the order of equals and puts NaN above all")
  func sorting() {
    let x = Tensor([2, .nan, 1, 2, -.infinity, .infinity])
    #expect(x.sorted(along: 0).places == IndexTensor([4, 2, 0, 3, 5, 1]))
    #expect(x.sorted(along: 0, descending: true).places == IndexTensor([1, 5, 0, 3, 2, 4]))
    #expect(x.topK(2, along: 0, largest: false).places == IndexTensor([4, 2]))
    #expect(Tensor([3, 1, 2, 1], shape: [2, 2]).argmin(over: 0) == IndexTensor([1, 0]))
    let columns = Tensor([3, 1, 2, 9], shape: [2, 2]).sorted(along: 0)
    #expect(columns.values.elements == [2, 1, 3, 9] && columns.places.elements == [1, 0, 0, 1])
  }

  @Test("views share memory where nothing moves")
  func sharing() {
    let x = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])
    let rows = x.narrowed(along: 0, from: 1, count: 2)
    #expect(rows.storage === x.storage && rows.elements == [3, 4, 5, 6])
    #expect(x.narrowed(along: 1, from: 1, count: 1).elements == [2, 4, 6])
    #expect(x.flipped(along: [0, 1]).elements == [6, 5, 4, 3, 2, 1])
    #expect(IndexTensor([2, 0]).oneHot(3).elements == [0, 0, 1, 1, 0, 0])
    let parts = IndexTensor([1, 2, 3, 4, 5, 6], shape: [2, 3]).narrowed(along: 1, from: 1, count: 2)
    #expect(parts == IndexTensor([2, 3, 5, 6], shape: [2, 2]))
  }

  @Test("losses without samples, and samples that all are ignored, have no mean")
  func empty() {
    let logits = Tensor([1, 2, 3, 4], shape: [2, 2])
    let labels = IndexTensor([-1, -1])
    #expect(crossEntropy(logits, labels, ignoring: -1).scalar.isNaN)
    #expect(crossEntropy(logits, labels, ignoring: -1, reduction: .none).elements == [0, 0])
    #expect(crossEntropy(Tensor([], shape: [0, 3]), IndexTensor([]), reduction: .sum).scalar == 0)
    #expect(squaredError(Tensor([]), Tensor([])).scalar.isNaN)
    #expect(boxIoU(Tensor([], shape: [0, 4]), Tensor([0, 0, 1, 1], shape: [1, 4])).shape == [0, 1])
    #expect(nonMaximumSuppression(Tensor([], shape: [0, 4]), scores: Tensor([]), threshold: 0.5).count == 0)
  }

  @Test("boxes that are equal, apart and inside one another")
  func boxes() {
    let a = Tensor([0, 0, 2, 2, 4, 4, 6, 6, 0, 0, 1, 1], shape: [3, 4])
    let b = Tensor([0, 0, 2, 2], shape: [1, 4])
    #expect(boxIoU(a, b).elements == [1, 0, 0.25])
    let overlaps: [Float] = [1, 8.0 / 36 - 1, 0.25]
    #expect(isClose(generalizedBoxIoU(a, b).elements, overlaps, 1e-6))
    let target = b.expanded(to: [3, 4])
    let losses: [Float] = overlaps.map { 1 - $0 }
    #expect(isClose(generalizedIoULoss(a, target, reduction: .none).elements, losses, 1e-6))
    let distances: [Float] = [0, 1 + 32.0 / 72, 0.75 + 0.5 / 8]
    #expect(isClose(distanceIoULoss(a, target, reduction: .none).elements, distances, 1e-6))
    // squares of any size have one aspect ratio; a box twice as wide as high differs by atan 2 - atan 1
    let complete = completeIoULoss(a, target).elements
    #expect(isClose(complete, distanceIoULoss(a, target).elements, 1e-6))
    let wide = Tensor([0, 0, 2, 1], shape: [1, 4])
    let angle: Float = 0.321_750_55
    let v: Float = 0.405_284_7 * angle * angle
    let expected: Float = 0.5 + 0.25 / 8 + v * v / (0.5 + v)
    #expect(isClose(completeIoULoss(wide, b).elements, [expected], 1e-5))
  }

  @Test("a mistake traps with the op and its facts")
  func traps() async {
    func message(_ result: ExitTest.Result?) -> String {
      String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }
    let lookup = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = embedding(Tensor(repeating: 0, shape: [4, 2]), IndexTensor([1, 4]))
    }
    #expect(message(lookup).contains("index 4 at place 1 is not below 4"))
    let padding = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2]).padded(along: 0, before: 2, after: 0, with: .reflect)
    }
    #expect(message(padding).contains("reflect by 2 and 0 reaches beyond dimension 0 of [2]"))
    let product = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = matmul(Tensor(repeating: 0, shape: [2, 3, 4]), Tensor(repeating: 0, shape: [3, 4, 5]))
    }
    #expect(message(product).contains("shapes [2] and [3] do not broadcast"))
    let probability = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = binaryCrossEntropy(Tensor([1.5]), Tensor([1]))
    }
    #expect(message(probability).contains("a probability is outside of 0...1"))
  }
}
