import Utils

extension Tensor {
  /// The same elements in another shape of as many; shares the memory.
  ///
  /// Derivative: dx = g in the old shape.
  public func reshaped(to shape: Shape) -> Tensor {
    require(
      shape.elementCount == count, "reshaped: \(self.shape) does not hold the elements of \(shape)")
    let x = self
    return record(Tensor(shape: shape, storage: storage, offset: offset), from: x) { g in
      [g.reshaped(to: x.shape)]
    }
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
