import Kernels
import Utils

extension Tensor {
  /// The elements in order along a dimension, and where each of them stood.
  ///
  /// Equal numbers keep their order; a NaN counts as the largest.
  ///
  /// Derivative: dx = g at the places the elements came from.
  public func sorted(along dimension: Int, descending: Bool = false) -> (values: Tensor, places: IndexTensor)
  {
    let places = order(along: dimension, descending: descending)
    return (gather(self, along: dimension, at: places), places)
  }

  /// The `k` largest along a dimension, the largest first, and where they stand; or the smallest.
  ///
  /// Derivative: dx = g at the places the elements came from.
  public func topK(_ k: Int, along dimension: Int, largest: Bool = true) -> (
    values: Tensor, places: IndexTensor
  ) {
    let dimension = resolved(dimension, "topK")
    require(0...shape[dimension] ~= k, "topK: dimension \(dimension) of \(shape) does not have \(k) elements")
    let places = order(along: dimension, descending: largest).narrowed(along: dimension, from: 0, count: k)
    return (gather(self, along: dimension, at: places), places)
  }

  private func order(along dimension: Int, descending: Bool) -> IndexTensor {
    let view = ReductionShape(shape, resolved(dimension, "sorted"))
    var places = [Int32](repeating: 0, count: count)
    var span = places.mutableSpan
    withSpan { Kernels.chosen.order($0, into: &span, view, descending: descending) }
    return IndexTensor(places, shape: shape)
  }
}
