import Testing

@testable import Kernels

@Suite("Threads")
struct ThreadTests {
  @Test("long arrays give the same bytes on one thread and on three")
  func sameBytes() {
    var numbers = Numbers()
    let (rows, width) = (1100, 1000)
    let (x, z) = (numbers.normal(rows * width), numbers.normal(rows * width))
    let alone = results(x, z, rows, width)
    KernelLibrary.limitThreads(to: 3)
    defer { KernelLibrary.limitThreads(to: 1) }
    for _ in 0..<5 {
      for (together, alone) in zip(results(x, z, rows, width), alone) {
        #expect(together.numbers == alone.numbers, "\(together.name)")
      }
    }
  }

  private func results(_ x: [Float], _ z: [Float], _ rows: Int, _ width: Int) -> [(
    name: String, numbers: [Float]
  )] {
    let count = x.count
    let norm = RowNormShape(rows: rows, width: width, epsilon: 1e-5)
    var (weights, velocity) = (x, z)
    var weightSpan = weights.mutableSpan
    var velocitySpan = velocity.mutableSpan
    fast.sgd(
      &weightSpan, gradient: z.span, velocity: &velocitySpan,
      SGDStep(
        learningRate: 0.1, momentum: 0.9, dampening: 0, weightDecay: 0.01, nesterov: false, isFirst: false))
    var view = StridedView(from: 0)
    view.append(size: rows, step: width)
    view.append(size: width, step: 1)
    let means = [Float](repeating: 0.1, count: rows)
    let shifts = written(width) { dbias in
      _ = written(width) {
        fast.rowNormParameterGradients(
          z.span, x: x.span, means: means.span, scales: means.span, weight: &$0, bias: &dbias, norm)
      }
    }
    return [
      ("gelu", written(count) { fast.apply(.gelu, x.span, into: &$0) }),
      (
        "multiply",
        written(count) { fast.apply(.multiply, x.span, z.span, into: &$0, Broadcast(plain: count)) }
      ),
      ("softmax", written(count) { fast.softmax(x.span, into: &$0, width: width) }),
      ("transposed", written(count) { fast.read(x.span, through: view, into: &$0) }),
      ("sum", written(1) { fast.sum(x.span, into: &$0, ReductionShape(outer: 1, count: count, inner: 1)) }),
      (
        "column sums",
        written(width) { fast.sum(x.span, into: &$0, ReductionShape(outer: 1, count: rows, inner: width)) }
      ),
      ("squares", [Float(fast.sumOfSquares(x.span))]), ("sgd", weights), ("norm's shifts", shifts),
    ]
  }

  @Test("several callers at once, of whom one has the threads")
  func severalCallers() async {
    KernelLibrary.limitThreads(to: 2)
    defer { KernelLibrary.limitThreads(to: 1) }
    let x = (0..<1 << 20).map { Float($0 % 100) }
    let expected = written(x.count) { reference.apply(.relu, x.span, into: &$0) }
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          (0..<5).allSatisfy { _ in
            written(x.count) { fast.apply(.relu, x.span, into: &$0) } == expected
          }
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}
