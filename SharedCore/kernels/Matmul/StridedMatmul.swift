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
  /// C = alpha A B + beta C on the calling thread, for pieces of larger arrays.
  ///
  /// A transposed operand lies as [k, m] or [n, k], as in `MatmulShape`.
  func matmul(
    _ a: MatrixPiece, _ b: MatrixPiece, into c: UnsafeMutablePointer<Float>, row: Int, _ shape: MatmulShape,
    alpha: Float = 1, beta: Float = 0
  ) {
    guard shape.m > 0, shape.n > 0 else { return }
    var product = onednn_strided_matmul(
      m: Int64(shape.m), n: Int64(shape.n), k: Int64(shape.k), transpose_a: shape.transposeA ? 1 : 0,
      transpose_b: shape.transposeB ? 1 : 0, row_of_a: Int64(a.row), row_of_b: Int64(b.row),
      row_of_c: Int64(row), alpha: alpha, beta: beta, threads: 1)
    let status = onednn_matmul_strided(&product, a.start, b.start, c)
    require(status == 0, "oneDNN refused a product of \(shape) with status \(status)")
  }
}
