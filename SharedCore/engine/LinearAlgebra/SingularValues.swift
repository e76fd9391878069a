import CLAPACK
import Utils

/// A matrix as a rotation, a stretching along the axes, and another rotation: a = u diag(s) vT.
public struct SingularValueDecomposition: Sendable {
  /// [M, R] with orthonormal columns, R = min(M, N).
  public let u: Tensor
  /// [R], none below 0, the largest first.
  public let s: Tensor
  /// [R, N] with orthonormal rows.
  public let vT: Tensor
}

/// The singular value decomposition of `a` [M, N] (LAPACK's gesdd, which divides and conquers), in double precision. Not
/// recorded.
///
/// - Throws: `LabError` when a number is not finite, when the iteration does not converge, and when there is no LAPACK.
public func singularValueDecomposition(_ a: Tensor) throws -> SingularValueDecomposition {
  let parts = try decomposition(a, of: "singularValueDecomposition")
  return SingularValueDecomposition(
    u: parts.u.tensor(), s: Tensor(parts.s.map(Float.init)), vT: parts.vT.tensor())
}

/// The pseudo-inverse a+ [N, M] of `a` [M, N]: v diag(1 / s) uT over the singular values that are not zero (Moore 1920,
/// Penrose 1955). Where a has full rank it is the inverse of a square a, and (aT a)^-1 aT of a tall one. Not recorded.
///
/// - Parameter cutoff: singular values up to `cutoff` times the largest count as zero.
/// - Throws: `LabError` as `singularValueDecomposition` does.
public func pseudoinverse(_ a: Tensor, cutoff: Double = singularValueCutoff) throws -> Tensor {
  let (u, s, vT) = try decomposition(a, of: "pseudoinverse")
  let (m, n, count) = (u.rows, vT.columns, s.count)
  let scaled = Tensor(shape: [n, count]) { target in
    for j in 0..<count {
      let factor = s[j] > cutoff * s[0] ? 1 / s[j] : 0
      for i in 0..<n { target[i * count + j] = Float(vT.numbers[i * count + j] * factor) }
    }
  }
  let uT = Tensor(shape: [count, m]) { target in
    for i in 0..<count * m { target[i] = Float(u.numbers[i]) }  // column-major [M, R] is row-major [R, M]
  }
  return matmul(scaled, uT)
}

private func decomposition(_ a: Tensor, of function: String) throws -> (u: Columns, s: [Double], vT: Columns)
{
  var matrix = try Columns(a, of: function)
  let (m, n) = (a.shape[0], a.shape[1])
  var (u, vT) = (Columns(rows: m, columns: min(m, n)), Columns(rows: min(m, n), columns: n))
  var s = [Double](repeating: 0, count: min(m, n))
  let info = lapack_singular_values(Int32(m), Int32(n), &matrix.numbers, &s, &u.numbers, &vT.numbers)
  try Columns.check(
    info, function, "the singular values of \(a.shape) did not converge", remedy: "scale the columns alike")
  return (u, s, vT)
}
