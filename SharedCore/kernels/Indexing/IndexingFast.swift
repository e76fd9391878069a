import CVector
import Utils

extension FastKernels {
  /// Rows are copied as a whole.
  public func take(
    _ x: Span<Float>, at indices: Span<Int32>, into y: inout MutableSpan<Float>, _ shape: ReductionShape
  ) {
    requireBelow(shape.count, indices)
    require(
      x.count >= shape.outer * shape.count * shape.inner
        && y.count >= shape.outer * indices.count * shape.inner)
    vector_take(
      x.address, indices.address, y.address, Int64(shape.outer), Int64(shape.count), Int64(shape.inner),
      Int64(indices.count))
  }

  /// Rows are added as a whole.
  public func addTaken(
    _ x: Span<Float>, at indices: Span<Int32>, into y: inout MutableSpan<Float>, _ shape: ReductionShape
  ) {
    requireBelow(shape.count, indices)
    require(
      y.count >= shape.outer * shape.count * shape.inner
        && x.count >= shape.outer * indices.count * shape.inner)
    vector_add_taken(
      x.address, indices.address, y.address, Int64(shape.outer), Int64(shape.count), Int64(shape.inner),
      Int64(indices.count))
  }

  private func requireBelow(_ count: Int, _ indices: Span<Int32>) {
    var isInside = true
    for j in 0..<indices.count {
      isInside = isInside && indices[unchecked: j] >= 0 && indices[unchecked: j] < count
    }
    require(isInside, "an index is not below \(count)")
  }
}
