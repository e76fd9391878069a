import Utils

/// A way to walk through a tensor's memory: the sizes of the dimensions that are walked, and the step in memory along
/// each of them.
///
/// A transposed matrix walks with its steps exchanged, every second column with a step of 2, backwards with a negative
/// step, and a repeated row with a step of 0. Kept inside the value, eight dimensions at most.
public struct StridedView: Sendable {
  /// How many dimensions there are.
  public private(set) var rank = 0
  /// Sizes and steps, the innermost dimension first.
  public private(set) var sizes, steps: InlineArray<8, Int>
  /// Where the walk begins.
  public let start: Int
  /// The lowest and the highest place that is reached, and how many steps it takes.
  public private(set) var lowest, highest, count: Int

  /// A walk of one element, at `start`.
  public init(from start: Int) {
    sizes = InlineArray(repeating: 1)
    steps = InlineArray(repeating: 0)
    self.start = start
    (lowest, highest, count) = (start, start, 1)
  }

  /// Puts a dimension around those that are there.
  ///
  /// One that goes on where the last one ended becomes a part of it.
  public mutating func append(size: Int, step: Int) {
    count *= size
    lowest += min(step, 0) * max(size - 1, 0)
    highest += max(step, 0) * max(size - 1, 0)
    if rank > 0, step == steps[rank - 1] * sizes[rank - 1] {
      sizes[rank - 1] *= size
      return
    }
    require(rank < 8, "a view has eight dimensions at most")
    sizes[rank] = size
    steps[rank] = step
    rank += 1
  }
}

/// Copies through a view, and its transpose.
public protocol ViewKernels {
  /// y[i] = x at the i-th place of `view`.
  func read(_ x: Span<Float>, through view: StridedView, into y: inout MutableSpan<Float>)

  /// y[b, j, i] = x[b, i, j]: `batch` matrices of `rows` and `columns`, each transposed.
  func transpose(_ x: Span<Float>, into y: inout MutableSpan<Float>, batch: Int, rows: Int, columns: Int)

  /// y at the i-th place of `view` += x[i]: what reading through the view does to a gradient.
  func add(_ x: Span<Float>, through view: StridedView, into y: inout MutableSpan<Float>)

  /// y[start + row step + i] = x[row width + i], for `rows` rows of `width` numbers: a piece of a larger tensor.
  func place(
    _ x: Span<Float>, rows: Int, width: Int, into y: inout MutableSpan<Float>, from start: Int, step: Int)
}
