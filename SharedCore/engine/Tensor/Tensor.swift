import Kernels
import Utils

/// Float32 numbers in a shape, row-major in meaning; immutable once made.
///
/// How they lie in memory is the engine's affair (`MemoryOrder.swift`). A tensor may have a place on the tape of the
/// `valueAndGradients` that is under way; outside of one it never has.
public struct Tensor: Sendable {
  /// Sizes of the dimensions, outermost first.
  public let shape: Shape
  var storage: Storage
  let offset: Int
  let place: TapePlace
  /// How the elements follow each other in memory; row-major where the two orders are the same.
  let order: MemoryOrder

  init(
    shape: Shape, storage: Storage, offset: Int = 0, place: TapePlace = .none, order: MemoryOrder = .rowMajor
  ) {
    self.shape = shape
    self.storage = storage
    self.offset = offset
    self.place = place
    guard case .channelsLast = order, !shape.hasOneOrder else {
      self.order = .rowMajor
      return
    }
    self.order = order
  }

  /// A tensor whose elements `fill` writes, all of them; their values before that are undefined.
  public init(shape: Shape, _ fill: (inout MutableSpan<Float>) throws -> Void) rethrows {
    try self.init(shape: shape, order: .rowMajor, fill)
  }

  /// A tensor whose memory `fill` writes in the given order.
  init(shape: Shape, order: MemoryOrder, _ fill: (inout MutableSpan<Float>) throws -> Void) rethrows {
    let storage = Storage(uninitialized: shape.elementCount)
    var span = UnsafeMutableBufferPointer(start: storage.start, count: storage.count).mutableSpan
    try fill(&span)
    self.init(shape: shape, storage: storage, order: order)
  }

  /// The elements in row-major order; traps when their number is not the shape's.
  public init(_ elements: some Collection<Float>, shape: Shape) {
    require(
      elements.count == shape.elementCount,
      "\(elements.count) elements do not fill a tensor of shape \(shape)")
    let storage = Storage(uninitialized: shape.elementCount)
    _ = UnsafeMutableBufferPointer(start: storage.start, count: storage.count).initialize(
      fromContentsOf: elements)
    self.init(shape: shape, storage: storage)
  }

  /// A vector of these elements.
  public init(_ elements: [Float]) { self.init(elements, shape: [elements.count]) }

  /// A scalar.
  public init(_ element: Float) { self.init(CollectionOfOne(element), shape: []) }

  /// A tensor that holds `value` everywhere.
  public init(repeating value: Float, shape: Shape) {
    self.init(shape: shape) { span in for i in 0..<span.count { span[i] = value } }
  }

  /// How many elements there are.
  public var count: Int { shape.elementCount }

  /// A copy of the elements in row-major order.
  public var elements: [Float] {
    withSpan { span in span.withUnsafeBufferPointer { Array($0) } }
  }

  /// The only element; traps when there is more than one.
  public var scalar: Float {
    require(count == 1, "a tensor of shape \(shape) is not a scalar")
    return storage.start[offset]
  }

  /// Reads the elements in row-major order: in place, unless they lie in another order.
  public func withSpan<Result>(_ body: (Span<Float>) throws -> Result) rethrows -> Result {
    guard case .rowMajor = order else { return try arranged(in: .rowMajor).withMemory(body) }
    return try withMemory(body)
  }

  /// Reads the elements in place, in the order in which they lie.
  func withMemory<Result>(_ body: (Span<Float>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) {
      try body(UnsafeBufferPointer(start: storage.start + offset, count: count).span)
    }
  }

  /// The same numbers in memory of their own, row-major, for a box whose numbers are written in place.
  public func copied() -> Tensor {
    let source = arranged(in: .rowMajor)
    let copy = Tensor(shape: shape, storage: Storage(uninitialized: count))
    copy.storage.start.update(from: source.storage.start + source.offset, count: count)
    return copy
  }

  /// The same numbers, not on any tape: a constant to whatever is computed from it.
  public func detached() -> Tensor {
    Tensor(shape: shape, storage: storage, offset: offset, order: order)
  }
}

extension Tensor: CustomStringConvertible {
  /// The shape and the first elements.
  public var description: String {
    let shown = elements.prefix(8).map { "\($0)" }.joined(separator: ", ")
    return "Tensor\(shape)(\(shown)\(count > 8 ? ", ..." : ""))"
  }
}

/// Whole numbers in a shape: class labels, indices, tokens.
public struct IndexTensor: Equatable, Sendable {
  /// Sizes of the dimensions, outermost first.
  public let shape: Shape
  /// The numbers in row-major order.
  public let elements: [Int32]

  /// These numbers in a shape; traps when their count is not the shape's.
  public init(_ elements: [Int32], shape: Shape) {
    require(
      elements.count == shape.elementCount, "\(elements.count) indices do not fill a tensor of shape \(shape)"
    )
    self.elements = elements
    self.shape = shape
  }

  /// A vector of these numbers.
  public init(_ elements: [Int32]) { self.init(elements, shape: [elements.count]) }

  /// How many numbers there are.
  public var count: Int { elements.count }
}
