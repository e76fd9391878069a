import CLAPACK
import Utils

/// The solution of a linear least-squares problem, and what was found on the way.
public struct LeastSquares: Sendable {
  /// x [N, K], the smallest of those that minimise |a x - b| in every column.
  public let solution: Tensor
  /// How many singular values of a count as not zero.
  public let rank: Int
  /// [min(M, N)], the singular values of a, the largest first.
  public let singularValues: Tensor
}

/// What counts as zero beside the largest singular value: eight units in the last place of a Float, for the numbers of a
/// tensor are known no better.
public let singularValueCutoff = 8 * Double(Float.ulpOfOne)

/// The x that minimises |a x - b|, column by column; of several the shortest, so that a need not have full rank.
///
/// By the singular values of a (Golub and Kahan 1965; LAPACK's gelsd, which divides and conquers), in double precision.
/// Not recorded. It takes about 2 M N² operations for M > N.
///
/// - Parameters:
///   - a: [M, N].
///   - b: [M, K], or [M].
///   - cutoff: singular values up to `cutoff` times the largest count as zero.
/// - Throws: `LabError` when a number is not finite, when the iteration does not converge, and when there is no LAPACK.
public func leastSquares(_ a: Tensor, _ b: Tensor, cutoff: Double = singularValueCutoff) throws
  -> LeastSquares
{
  let b = b.shape.count == 1 ? b.unsqueezed(at: 1) : b
  require(
    a.shape.count == 2 && b.shape.count == 2 && a.shape[0] == b.shape[0],
    "leastSquares: \(a.shape) and \(b.shape) do not have as many rows")
  let (m, n, k) = (a.shape[0], a.shape[1], b.shape[1])
  var left = try Columns(a, of: "leastSquares")
  var right = try Columns(b, rows: n, of: "leastSquares")
  var values = [Double](repeating: 0, count: min(m, n))
  var rank: Int32 = 0
  let info = lapack_least_squares(
    Int32(m), Int32(n), Int32(k), &left.numbers, &right.numbers, &values, cutoff, &rank)
  try Columns.check(
    info, "leastSquares", "the singular values of \(a.shape) did not converge",
    remedy: "scale the columns alike")
  return LeastSquares(
    solution: right.tensor(rows: n), rank: Int(rank), singularValues: Tensor(values.map(Float.init)))
}

/// The x with a x = b, by elimination with row exchanges (LAPACK's gesv), in double precision. Not recorded.
///
/// - Parameters:
///   - a: [N, N].
///   - b: [N, K], or [N].
/// - Returns: [N, K].
/// - Throws: `LabError` when a is singular, when a number is not finite, and when there is no LAPACK.
public func solve(_ a: Tensor, _ b: Tensor) throws -> Tensor {
  let b = b.shape.count == 1 ? b.unsqueezed(at: 1) : b
  require(
    a.shape.count == 2 && b.shape.count == 2 && a.shape[0] == a.shape[1] && a.shape[0] == b.shape[0],
    "solve: \(a.shape) and \(b.shape) are no system of linear equations")
  var left = try Columns(a, of: "solve")
  var right = try Columns(b, of: "solve")
  let info = lapack_solve(Int32(a.shape[0]), Int32(b.shape[1]), &left.numbers, &right.numbers)
  try Columns.check(
    info, "solve", "the matrix \(a.shape) is singular", remedy: "take leastSquares, which needs no full rank")
  return right.tensor()
}
