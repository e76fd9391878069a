import Foundation
import Synchronization
import Testing

@testable import Kernels

@Suite("Matrix products")
struct MatmulTests {
  /// Odd sizes on both sides of the size from which oneDNN computes, and of the one from which it uses more threads.
  static let sizes = [
    (1, 1, 1), (1, 3, 4), (150, 3, 4), (3, 150, 4), (4, 3, 150), (5, 1, 7), (1, 7, 5), (12, 12, 12),
    (13, 13, 13),
    (7, 31, 9), (7, 31, 10), (17, 33, 65), (64, 10, 128), (1, 128, 784), (257, 255, 259), (0, 3, 4),
    (3, 0, 4), (3, 4, 0),
  ]

  @Test("fast equals reference, operands as they are or transposed, with and without bias", arguments: sizes)
  func agreement(m: Int, n: Int, k: Int) {
    var numbers = Numbers()
    // so large that the products are of size 1, whatever the number of terms
    let a = numbers.normal(m * k, scale: 1 / Float(max(k, 1)).squareRoot())
    let (b, bias) = (numbers.normal(k * n), numbers.normal(n))
    for (transposeA, transposeB, hasBias) in Self.situations {
      let shape = MatmulShape(m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB)
      let added = hasBias ? bias : []
      expectEqual(
        written(m * n) { fast.matmul(a.span, b.span, bias: added.span, into: &$0, shape) },
        written(m * n) { reference.matmul(a.span, b.span, bias: added.span, into: &$0, shape) }, "\(shape)")
    }
  }

  static let situations = [false, true].flatMap { a in
    [false, true].flatMap { b in [false, true].map { (a, b, $0) } }
  }

  @Test("the reference computes [2, 3] times [3, 2] as by hand")
  func byHand() {
    let a: [Float] = [1, 2, 3, 4, 5, 6]
    let b: [Float] = [7, 8, 9, 10, 11, 12]
    let bias: [Float] = [100, 200]
    let plain = MatmulShape(m: 2, n: 2, k: 3)
    #expect(
      written(4) { reference.matmul(a.span, b.span, bias: bias.span, into: &$0, plain) } == [
        158, 264, 239, 354,
      ])
    let transposed = MatmulShape(m: 2, n: 2, k: 3, transposeA: true, transposeB: true)
    // A = [[1, 3, 5], [2, 4, 6]], B = [[7, 10], [8, 11], [9, 12]]
    #expect(
      written(4) { reference.matmul(a.span, b.span, bias: Span(), into: &$0, transposed) } == [
        76, 103, 100, 136,
      ])
  }

  @Test("several threads at once multiply the same shape")
  func threads() {
    var numbers = Numbers()
    let shape = MatmulShape(m: 33, n: 31, k: 29)
    let (a, b) = (numbers.normal(33 * 29), numbers.normal(29 * 31))
    let right = written(33 * 31) { reference.matmul(a.span, b.span, bias: Span(), into: &$0, shape) }
    let wrong = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<50 {
        let found = written(33 * 31) { fast.matmul(a.span, b.span, bias: Span(), into: &$0, shape) }
        if !zip(found, right).allSatisfy({ abs($0 - $1) < 1e-4 }) { wrong.withLock { $0 += 1 } }
      }
    }
    #expect(wrong.withLock { $0 } == 0)
  }

  @Test("more shapes than are kept ready")
  func manyShapes() {
    var numbers = Numbers()
    let (a, b) = (numbers.normal(700 * 20), numbers.normal(20 * 20))
    for m in 100..<620 {
      let shape = MatmulShape(m: m, n: 20, k: 20)
      let y = written(m * 20) { fast.matmul(a.span, b.span, bias: Span(), into: &$0, shape) }
      guard m % 100 == 19 else { continue }
      expectEqual(
        y, written(m * 20) { reference.matmul(a.span, b.span, bias: Span(), into: &$0, shape) }, "\(m) rows")
    }
  }
}
