import CVector
import Utils

extension FastKernels {
  /// Rows are copied as a whole.
  public func take(
    _ x: Span<Float>, at indices: Span<Int32>, into y: inout MutableSpan<Float>, _ shape: ReductionShape
  ) {
    indices.requireAll(below: shape.count)
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
    indices.requireAll(below: shape.count)
    require(
      y.count >= shape.outer * shape.count * shape.inner
        && x.count >= shape.outer * indices.count * shape.inner)
    vector_add_taken(
      x.address, indices.address, y.address, Int64(shape.outer), Int64(shape.count), Int64(shape.inner),
      Int64(indices.count))
  }
}

extension Span where Element == Int32 {
  /// Traps unless every index is in 0..<count.
  func requireAll(below limit: Int) {
    let limit = UInt32(clamping: limit)
    var outside: Int32 = 0
    for j in 0..<count { outside |= UInt32(bitPattern: self[unchecked: j]) >= limit ? 1 : 0 }
    require(outside == 0, "an index is not below \(limit)")
  }
}
