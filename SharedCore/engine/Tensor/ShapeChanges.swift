import Utils

extension Tensor {
  /// The same elements in another shape of as many; shares the memory, unless its order has no such shape.
  ///
  /// Derivative: dx = g in the old shape.
  public func reshaped(to shape: Shape) -> Tensor {
    require(
      shape.elementCount == count, "reshaped: \(self.shape) does not hold the elements of \(shape)")
    let x = self
    // of an image with the channels last only the space may change its shape
    let keepsChannels =
      order == .channelsLast && shape.count >= 3 && shape[0] == x.shape[0] && shape[1] == x.shape[1]
    let source = keepsChannels ? x : x.arranged(in: .rowMajor)
    let y = Tensor(shape: shape, storage: source.storage, offset: source.offset, order: source.order)
    return record(y, from: x) { g in [g.reshaped(to: x.shape)] }
  }

  /// All dimensions from `dimension` on made one: [N, C, H, W] from 1 becomes [N, C H W].
  public func flattened(from dimension: Int = 0) -> Tensor {
    require(0...shape.count ~= dimension, "flattened: \(shape) has no dimension \(dimension)")
    return reshaped(to: Shape(shape[..<dimension] + [shape.product(of: dimension..<shape.count)]))
  }

  /// A matrix with rows and columns exchanged, [M, N] to [N, M].
  ///
  /// Derivative: dx = g transposed.
  public func transposed() -> Tensor {
    require(shape.count == 2, "transposed: a matrix is needed, got \(shape)")
    return permuted(to: [1, 0])
  }
}
