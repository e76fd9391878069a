import Testing
import Utils

@testable import Kernels

@Suite("Sparse kernels")
struct SparseKernelTests {
  @Test("fast and reference give the same", arguments: [1, 3, 7, 16, 33])
  func agreement(width: Int) {
    for (rows, columns, each) in [(1, 1, 1), (5, 9, 3), (40, 17, 0), (300, 200, 30)] {
      var (numbers, random) = (Numbers(), RandomStream(seed: 3))
      let a = CompressedRows(
        starts: (0...rows).map { Int32($0 * each) },
        columns: (0..<rows * each).map { _ in Int32(random.index(below: columns)) },
        values: numbers.normal(rows * each))
      let x = numbers.normal(columns * width)
      let ours = written(rows * width) { fast.sparseMatmul(a, x.span, into: &$0, width: width) }
      let theirs = written(rows * width) { reference.sparseMatmul(a, x.span, into: &$0, width: width) }
      expectEqual(ours, theirs, "\(rows) x \(columns) times \(width)")
    }
  }
}
