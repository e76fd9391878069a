extension MatmulKernels {
  /// C[i,j] = bias[j] + sum over p of A[i,p] B[p,j].
  ///
  /// Three loops, 2 m n k operations. The order is i, p, j: the innermost loop then walks one row of B and one
  /// row of C, neighbours in memory, where i, j, p would jump a whole row of B at every step. A transposed operand is
  /// read where it lies, so the text stays the same and only the index changes.
  public func matmul(
    _ a: Span<Float>, _ b: Span<Float>, bias: Span<Float>, into c: inout MutableSpan<Float>,
    _ shape: MatmulShape
  ) {
    let (m, n, k) = (shape.m, shape.n, shape.k)
    for i in 0..<m {
      for j in 0..<n { c[i * n + j] = bias.isEmpty ? 0 : bias[j] }
      for p in 0..<k {
        let aip = shape.transposeA ? a[p * m + i] : a[i * k + p]
        for j in 0..<n {
          c[i * n + j] += aip * (shape.transposeB ? b[j * k + p] : b[p * n + j])
        }
      }
    }
  }
}
