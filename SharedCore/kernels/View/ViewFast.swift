import CVector
import Utils

extension FastKernels {
  /// The odometer turns once a row, and a row is a copy; where x has its neighbours along another dimension, tiles of
  /// eight by eight are transposed.
  public func read(_ x: Span<Float>, through view: StridedView, into y: inout MutableSpan<Float>) {
    guard view.count > 0 else { return }
    require(view.lowest >= 0 && view.highest < x.count && y.count >= view.count)
    var walk = vector_view(view)
    vector_read(x.address, y.address, &walk)
  }

  /// Tiles of eight by eight.
  public func transpose(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, batch: Int, rows: Int, columns: Int
  ) {
    var view = StridedView(from: 0)
    view.append(size: rows, step: columns)
    view.append(size: columns, step: 1)
    view.append(size: batch, step: rows * columns)
    read(x, through: view, into: &y)
  }

  /// As above; a row that ends in one place is summed first, in double precision.
  public func add(_ x: Span<Float>, through view: StridedView, into y: inout MutableSpan<Float>) {
    guard view.count > 0 else { return }
    require(view.lowest >= 0 && view.highest < y.count && x.count >= view.count)
    var walk = vector_view(view)
    vector_add_through(x.address, y.address, &walk)
  }

  /// Row by row.
  public func place(
    _ x: Span<Float>, rows: Int, width: Int, into y: inout MutableSpan<Float>, from start: Int, step: Int
  ) {
    guard rows > 0, width > 0 else { return }
    require(
      x.count >= rows * width && start >= 0 && step >= width
        && start + (rows - 1) * step + width <= y.count)
    vector_place(x.address, y.address.map { $0 + start }, Int64(rows), Int64(width), Int64(step))
  }
}

extension vector_view {
  fileprivate init(_ view: StridedView) {
    self.init()
    rank = Int64(view.rank)
    start = Int64(view.start)
    withUnsafeMutableBytes(of: &sizes) { $0.storeBytes(of: view.sizes, as: InlineArray<8, Int>.self) }
    withUnsafeMutableBytes(of: &steps) { $0.storeBytes(of: view.steps, as: InlineArray<8, Int>.self) }
  }
}
