import COneDNN
import Utils

/// A matrix where it lies in a larger array: its rows are `row` numbers apart.
struct MatrixPiece {
  let start: UnsafePointer<Float>
  let row: Int

  init(_ start: UnsafePointer<Float>, row: Int) {
    self.start = start
    self.row = row
  }
}

extension FastKernels {
  /// C = alpha A B + beta C for pieces of larger arrays, on the calling thread unless there may be more.
  ///
  /// A transposed operand lies as [k, m] or [n, k], as in `MatmulShape`.
  ///
  /// - Parameter threads: how many the product may use, 0 for as many as the process may.
  func matmul(
    _ a: MatrixPiece, _ b: MatrixPiece, into c: UnsafeMutablePointer<Float>, row: Int, _ shape: MatmulShape,
    alpha: Float = 1, beta: Float = 0, threads: Int = 1
  ) {
    guard shape.m > 0, shape.n > 0 else { return }
    var product = onednn_strided_matmul(
      m: Int64(shape.m), n: Int64(shape.n), k: Int64(shape.k), transpose_a: shape.transposeA ? 1 : 0,
      transpose_b: shape.transposeB ? 1 : 0, row_of_a: Int64(a.row), row_of_b: Int64(b.row),
      row_of_c: Int64(row), alpha: alpha, beta: beta, threads: Int32(threads))
    let status = onednn_matmul_strided(&product, a.start, b.start, c)
    require(status == 0, "oneDNN refused a product of \(shape) with status \(status)")
  }

  /// C = AT B in which a row of A or B is a multiple of 4 KiB long.
  ///
  /// The library walks down the columns there, and numbers a multiple of 4 KiB apart share a few places in the cache: such
  /// a product takes twice its time. So the rows are copied first, some at a time, to where they lie 64 bytes further
  /// apart.
  func matmulOfLongRows(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
    _ shape: MatmulShape
  ) {
    let rows = min(256, shape.k)
    let (wideA, wideB) = (shape.m + 16, shape.n + 16)
    MemoryPool.withScratch(rows * (wideA + wideB)) { scratch in
      guard let copyOfA = scratch.baseAddress else { return }
      let copyOfB = copyOfA + rows * wideA
      for first in stride(from: 0, to: shape.k, by: rows) {
        let count = min(rows, shape.k - first)
        var (pieceOfA, pieceOfB) = (
          MatrixPiece(a + first * shape.m, row: shape.m), MatrixPiece(b + first * shape.n, row: shape.n)
        )
        if FastKernels.isLongRow(shape.m) {
          pieceOfA = pieceOfA.copied(count, shape.m, to: copyOfA, row: wideA)
        }
        if FastKernels.isLongRow(shape.n) {
          pieceOfB = pieceOfB.copied(count, shape.n, to: copyOfB, row: wideB)
        }
        matmul(
          pieceOfA, pieceOfB, into: c, row: shape.n,
          MatmulShape(m: shape.m, n: shape.n, k: count, transposeA: true), beta: first == 0 ? 0 : 1,
          threads: 0)
      }
    }
  }

  /// A row of `count` numbers is a multiple of 4 KiB long.
  static func isLongRow(_ count: Int) -> Bool { count > 0 && count % 1024 == 0 }
}

extension MatrixPiece {
  /// The same numbers where rows lie further apart.
  fileprivate func copied(
    _ rows: Int, _ columns: Int, to copy: UnsafeMutablePointer<Float>, row: Int
  ) -> MatrixPiece {
    for i in 0..<rows { (copy + i * row).update(from: start + i * self.row, count: columns) }
    return MatrixPiece(copy, row: row)
  }
}
