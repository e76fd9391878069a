/// Sorting, along the middle dimension of a tensor seen as [outer, count, inner].
public protocol OrderKernels {
  /// places[o,c,i] = where the c-th of x[o,...,i] in order stands.
  ///
  /// Equal numbers keep their order; a NaN counts as the largest of all, as in PyTorch.
  func order(
    _ x: Span<Float>, into places: inout MutableSpan<Int32>, _ shape: ReductionShape, descending: Bool)
}
