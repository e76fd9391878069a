/// Elements chosen by indices, along the middle dimension of a tensor seen as [outer, count, inner].
///
/// Every index is in 0..<count; who calls has made sure of it.
public protocol IndexingKernels {
  /// y[o,j,i] = x[o, indices[j], i]: the same rows for every o and i.
  func take(
    _ x: Span<Float>, at indices: Span<Int32>, into y: inout MutableSpan<Float>, _ shape: ReductionShape)

  /// y[o, indices[j], i] += x[o,j,i]: the transpose of `take`, in which an index that comes twice adds up.
  func addTaken(
    _ x: Span<Float>, at indices: Span<Int32>, into y: inout MutableSpan<Float>, _ shape: ReductionShape)

  /// y[o,j,i] = x[o, indices[o,j,i], i]: an index for every element; j runs to `indices.count / (outer inner)`.
  func gather(
    _ x: Span<Float>, at indices: Span<Int32>, into y: inout MutableSpan<Float>, _ shape: ReductionShape)

  /// y[o, indices[o,j,i], i] += x[o,j,i]: the transpose of `gather`.
  func scatterAdd(
    _ x: Span<Float>, at indices: Span<Int32>, into y: inout MutableSpan<Float>, _ shape: ReductionShape)

  /// y[o,c,i] = the sum of x[o,0,i] ... x[o,c,i], or of x[o,c,i] to the last when `fromTheEnd`.
  func cumulativeSum(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, _ shape: ReductionShape, fromTheEnd: Bool)
}
