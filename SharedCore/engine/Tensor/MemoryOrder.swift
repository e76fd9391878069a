import Kernels

// Where the channels of an image lie.
//
// A convolution is fastest where the channels of a place are neighbours in memory, so the fast kernels give images
// [N, C, ...] with the channels last, and what follows goes on in that order: an activation, a norm, a sum. No meaning
// changes, and no network sees it. `withSpan` reads row-major whatever the order is; an op that can go on in the order
// of its input asks for `withMemory` and says in which order its result lies.

extension Tensor {
  /// The same numbers in this order of memory, on no tape; itself where they lie so already.
  func arranged(in order: MemoryOrder) -> Tensor {
    if self.order == order || shape.hasOneOrder { return self }
    let (batch, channels, space) = (shape[0], shape[1], shape.product(of: 2..<shape.count))
    // to the channels last, rows of space become columns; back, the other way round
    let (rows, columns) = order == .channelsLast ? (channels, space) : (space, channels)
    return Tensor(shape: shape, order: order) { y in
      withMemory { Kernels.chosen.transpose($0, into: &y, batch: batch, rows: rows, columns: columns) }
    }
  }

  /// The numbers as they lie in memory, a vector on no tape: what a kernel reads that knows the order.
  var memory: Tensor { Tensor(shape: [count], storage: storage, offset: offset) }

  /// The order in which an op on several operands computes: with the channels last where one of them lies so.
  static func commonOrder(_ a: Tensor, _ b: Tensor) -> MemoryOrder {
    a.order == .channelsLast || b.order == .channelsLast ? .channelsLast : .rowMajor
  }
}

extension Shape {
  /// Both orders are the same: there is one channel, or one place, or no space at all.
  var hasOneOrder: Bool { count < 3 || self[1] == 1 || product(of: 2..<count) == 1 || elementCount == 0 }

  /// The dimensions from the outermost in memory to the innermost.
  func dimensions(in order: MemoryOrder) -> [Int] {
    order == .rowMajor ? Array(indices) : [0] + Array(2..<count) + [1]
  }

  /// The sizes from the outermost in memory to the innermost.
  func sizes(in order: MemoryOrder) -> Shape {
    order == .rowMajor ? self : Shape(dimensions(in: order).map { self[$0] })
  }

  /// Where a dimension stands in memory, from the outermost on.
  func place(of dimension: Int, in order: MemoryOrder) -> Int {
    order == .rowMajor || dimension == 0 ? dimension : dimension == 1 ? count - 1 : dimension - 1
  }

  /// The step in memory along each dimension.
  func strides(in order: MemoryOrder) -> [Int] {
    let sizes = sizes(in: order)
    return indices.map { sizes.product(of: place(of: $0, in: order) + 1..<count) }
  }
}
