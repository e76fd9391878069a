import Kernels
import Utils

/// The product of a sparse with a dense matrix, A [R, C] and x [C, D] to [R, D]: every row the sum of its neighbours'.
///
/// Derivative: dx = AT g.
public func matmul(_ a: SparseMatrix, _ x: Tensor) -> Tensor {
  require(
    x.shape.count == 2 && x.shape[0] == a.columnCount,
    "matmul: a sparse matrix [\(a.rowCount), \(a.columnCount)] and shape \(x.shape) do not multiply")
  return record(product(a.rows, x), from: x, function: "sparse matmul") { g in [product(a.columns, g)] }
}

private func product(_ a: CompressedRows, _ x: Tensor) -> Tensor {
  Tensor(shape: [a.rowCount, x.shape[1]]) { y in
    x.withSpan { Kernels.chosen.sparseMatmul(a, $0, into: &y, width: x.shape[1]) }
  }
}
