import CVector
import Utils

extension FastKernels {
  /// CVector's loop: the reference with a vector a time, rows on several threads when there is much to do.
  public func sparseMatmul(
    _ a: CompressedRows, _ x: Span<Float>, into y: inout MutableSpan<Float>, width: Int
  ) {
    require(y.count >= a.rowCount * width)
    vector_sparse_matmul(
      a.starts.span.address, a.columns.span.address, a.values.span.address, x.address, y.address,
      Int64(a.rowCount), Int64(width))
  }
}
