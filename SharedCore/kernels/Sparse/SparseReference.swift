extension SparseKernels {
  /// Y[r,j] = sum over the entries e of row r of value[e] X[column[e],j].
  ///
  /// 2 entries width operations, where the dense product has 2 rows columns width: what is 0 is never touched. The rows
  /// of X are read as wholes, neighbours in memory, but in the order in which the entries name them, which no cache can
  /// foresee.
  public func sparseMatmul(
    _ a: CompressedRows, _ x: Span<Float>, into y: inout MutableSpan<Float>, width: Int
  ) {
    for r in 0..<a.rowCount {
      for j in 0..<width { y[r * width + j] = 0 }
      for e in Int(a.starts[r])..<Int(a.starts[r + 1]) {
        for j in 0..<width { y[r * width + j] += a.values[e] * x[Int(a.columns[e]) * width + j] }
      }
    }
  }
}
