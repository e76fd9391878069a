import CVector
import Utils

extension FastKernels {
  /// Walks memory in its own order: whole rows are added where `inner` is wide, sixteen sums side by side where it is 1.
  ///
  /// Still in double precision.
  public func sum(_ x: Span<Float>, into y: inout MutableSpan<Float>, _ shape: ReductionShape) {
    let (outer, count, inner) = (shape.outer, shape.count, shape.inner)
    require(x.count >= outer * count * inner && y.count >= outer * inner)
    guard outer * inner > 0 else { return }
    vector_sum(x.address, y.address, Int64(outer), Int64(count), Int64(inner))
  }
}
