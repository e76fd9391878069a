/// A tensor seen as [outer, count, inner], the middle dimension being the one that disappears.
public struct ReductionShape: Equatable, Sendable {
  /// The sizes around and of the dimension that is reduced.
  public let outer, count, inner: Int

  /// Reduces `count` numbers, `inner` apart, for each of `outer` x `inner` results.
  public init(outer: Int, count: Int, inner: Int) {
    self.outer = outer
    self.count = count
    self.inner = inner
  }
}

/// Sums and extrema along one dimension.
public protocol ReductionKernels {
  /// y[o,i] = sum over c of x[o,c,i]; 0 when there is nothing to add.
  func sum(_ x: Span<Float>, into y: inout MutableSpan<Float>, _ shape: ReductionShape)

  /// y[o,i] = the largest of x[o,c,i], `at` = the first c that has it. A NaN wins. `count` is at least 1.
  func maximum(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, at: inout MutableSpan<Int32>, _ shape: ReductionShape)
}
