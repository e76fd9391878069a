/// The size of a matrix product C[m,n] = A[m,k] B[k,n], and which operands lie transposed in memory.
public struct MatmulShape: Hashable, Sendable {
  /// Rows of A and C, columns of B and C, and the dimension that is summed over.
  public let m, n, k: Int
  /// A lies as [k, m], B lies as [n, k].
  public let transposeA, transposeB: Bool

  /// The product of an m x k with a k x n matrix.
  public init(m: Int, n: Int, k: Int, transposeA: Bool = false, transposeB: Bool = false) {
    self.m = m
    self.n = n
    self.k = k
    self.transposeA = transposeA
    self.transposeB = transposeB
  }

  /// Floating-point operations of the product: a multiplication and an addition for each of m n k terms.
  public var operations: Int { 2 * m * n * k }
}

/// Matrix products.
public protocol MatmulKernels {
  /// C = A B, plus `bias` on every row when it is given.
  ///
  /// - Parameters:
  ///   - a: m k numbers, row-major as [m, k], or [k, m] when transposed.
  ///   - b: k n numbers, row-major as [k, n], or [n, k] when transposed.
  ///   - bias: n numbers, or an empty span for none.
  ///   - c: m n numbers, written whole.
  func matmul(
    _ a: Span<Float>, _ b: Span<Float>, bias: Span<Float>, into c: inout MutableSpan<Float>,
    _ shape: MatmulShape)
}
