import Utils

/// The sizes of a tensor's dimensions, outermost first; a scalar has none.
///
/// At most eight dimensions, kept inside the value: a step of a small network makes a hundred shapes, and none of them
/// should cost an allocation.
public struct Shape: RandomAccessCollection, ExpressibleByArrayLiteral, Hashable, Sendable,
  CustomStringConvertible
{
  private var sizes: InlineArray<8, Int32>
  private var rank: Int32

  /// The shape of these sizes; traps on a negative size and on more than eight dimensions.
  public init(_ sizes: some Collection<Int>) {
    require(sizes.count <= 8, "a tensor has at most eight dimensions, not \(Array(sizes))")
    self.sizes = InlineArray(repeating: 0)
    rank = Int32(sizes.count)
    for (dimension, size) in sizes.enumerated() {
      require(
        size >= 0 && size <= Int32.max, "\(size) is not the size of a dimension, in \(Array(sizes))")
      self.sizes[dimension] = Int32(size)
    }
  }

  /// The shape of these sizes: `[64, 1, 28, 28]`.
  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// 0, the outermost dimension.
  public var startIndex: Int { 0 }
  /// The number of dimensions.
  public var endIndex: Int { Int(rank) }
  // What collections have anyway, without the way through their protocols: shapes are asked at every step.

  /// The number of dimensions.
  public var count: Int { Int(rank) }
  /// There are no dimensions: a scalar's shape.
  public var isEmpty: Bool { rank == 0 }
  /// The dimensions' numbers.
  public var indices: Range<Int> { 0..<Int(rank) }
  /// The size of the outermost dimension; nil of a scalar.
  public var first: Int? { rank == 0 ? nil : Int(sizes[0]) }
  /// The size of the innermost dimension; nil of a scalar.
  public var last: Int? { rank == 0 ? nil : Int(sizes[Int(rank) - 1]) }

  /// The size of a dimension; traps when there is no such dimension.
  public subscript(dimension: Int) -> Int {
    require(dimension >= 0 && dimension < rank, "dimension \(dimension) of shape \(self)")
    return Int(sizes[dimension])
  }

  /// How many elements a tensor of this shape has: the product of the sizes, 1 for a scalar.
  public var elementCount: Int {
    var product = 1
    for dimension in 0..<Int(rank) { product *= Int(sizes[dimension]) }
    return product
  }

  /// The same shape with the last size replaced.
  public func replacingLast(with size: Int) -> Shape {
    var copy = self
    copy.replaceSize(of: Int(rank) - 1, by: size)
    return copy
  }

  mutating func replaceSize(of dimension: Int, by size: Int) { sizes[dimension] = Int32(size) }

  /// The product of the sizes in `dimensions`, 1 of none.
  func product(of dimensions: Range<Int>) -> Int {
    var product = 1
    for dimension in dimensions { product *= self[dimension] }
    return product
  }

  /// The same shape without a dimension, or with 1 in its place when it is `kept`.
  func without(_ dimension: Int, kept: Bool) -> Shape {
    var copy = self
    copy.sizes[dimension] = 1
    guard !kept else { return copy }
    for later in dimension..<Int(rank) - 1 { copy.sizes[later] = sizes[later + 1] }
    copy.rank -= 1
    return copy
  }

  /// As many dimensions of the same sizes.
  public static func == (a: Shape, b: Shape) -> Bool {
    guard a.rank == b.rank else { return false }
    for dimension in 0..<Int(a.rank) where a.sizes[dimension] != b.sizes[dimension] { return false }
    return true
  }

  /// Hashes the sizes.
  public func hash(into hasher: inout Hasher) { for size in self { hasher.combine(size) } }

  /// As in Python and in the literature: `[64, 1, 28, 28]`.
  public var description: String { "[" + map(String.init).joined(separator: ", ") + "]" }
}
