import Kernels
import Utils

extension Tensor {
  /// The slices at `indices` along a dimension, in their order.
  ///
  /// Derivative: dx = g added to the slice it came from; an index that comes twice adds up.
  ///
  /// - Parameter indices: [n], each below the dimension's size; traps otherwise.
  public func selected(along dimension: Int, at indices: IndexTensor) -> Tensor {
    let dimension = resolved(dimension, "selected")
    indices.checkBelow(shape[dimension], "selected")
    require(indices.shape.count == 1, "selected: a vector of indices is needed, got \(indices.shape)")
    let (whole, view) = (shape, ReductionShape(shape, dimension))
    var result = shape
    result.replaceSize(of: dimension, by: indices.count)
    let y = Tensor(shape: result) { y in
      withSpan { Kernels.chosen.take($0, at: indices.elements.span, into: &y, view) }
    }
    return record(y, from: self) { g in
      [
        Tensor(shape: whole) { dx in
          for i in 0..<dx.count { dx[i] = 0 }
          g.withSpan { Kernels.chosen.addTaken($0, at: indices.elements.span, into: &dx, view) }
        }
      ]
    }
  }
}

/// Along a dimension, the element that its own index names: y[i,j] = x[i, indices[i,j]] along dimension 1.
///
/// Derivative: dx = g added at the places it came from.
///
/// - Parameters:
///   - x: at least as large as `indices` in all other dimensions; what is beyond them is not looked at.
///   - indices: of as many dimensions, each below x's size along `dimension`; traps otherwise.
/// - Returns: of the shape of `indices`.
public func gather(_ x: Tensor, along dimension: Int, at indices: IndexTensor) -> Tensor {
  let dimension = x.resolved(dimension, "gather")
  indices.checkBelow(x.shape[dimension], "gather")
  let x = x.narrowed(to: indices.shape, except: dimension, "gather")
  let shape = x.shape
  let y = Tensor(shape: indices.shape) { y in
    x.withSpan {
      Kernels.chosen.gather($0, at: indices.elements.span, into: &y, ReductionShape(shape, dimension))
    }
  }
  return record(y, from: x) { g in [scattered(g, along: dimension, at: indices, into: shape)] }
}

/// x with `values` added at the places that their indices name: y[i, indices[i,j]] += values[i,j] along dimension 1.
///
/// Derivative: dx = g, dvalues = g gathered at the same places.
///
/// - Parameters:
///   - x, values: at least as large as `indices` in all dimensions but, for x, `dimension`.
///   - indices: of as many dimensions, each below x's size along `dimension`; traps otherwise.
public func scatterAdd(_ x: Tensor, along dimension: Int, at indices: IndexTensor, _ values: Tensor) -> Tensor
{
  let dimension = x.resolved(dimension, "scatterAdd")
  indices.checkBelow(x.shape[dimension], "scatterAdd")
  let values = values.narrowed(to: indices.shape, except: nil, "scatterAdd")
  let region = x.detached().narrowed(to: indices.shape, except: dimension, "scatterAdd").shape
  let added = record(scattered(values, along: dimension, at: indices, into: region), from: values) { g in
    [gather(g, along: dimension, at: indices)]
  }
  return x
    + x.shape.indices.reduce(added) { y, other in
      y.padded(along: other, before: 0, after: x.shape[other] - region[other])
    }
}

/// Zeros of `shape` with `values` added where `indices` say, not recorded.
private func scattered(_ values: Tensor, along dimension: Int, at indices: IndexTensor, into shape: Shape)
  -> Tensor
{
  Tensor(shape: shape) { y in
    for i in 0..<y.count { y[i] = 0 }
    values.withSpan {
      Kernels.chosen.scatterAdd($0, at: indices.elements.span, into: &y, ReductionShape(shape, dimension))
    }
  }
}

extension Tensor {
  /// The corner of the tensor that is as large as `shape`; one dimension may be left whole.
  fileprivate func narrowed(to shape: Shape, except whole: Int?, _ op: String) -> Tensor {
    require(
      shape.count == self.shape.count
        && shape.indices.allSatisfy { $0 == whole || shape[$0] <= self.shape[$0] },
      "\(op): indices \(shape) do not fit \(self.shape)")
    return shape.indices.reduce(self) { x, dimension in
      dimension == whole || shape[dimension] == x.shape[dimension]
        ? x : x.narrowed(along: dimension, from: 0, count: shape[dimension])
    }
  }
}

extension IndexTensor {
  /// Traps unless every index is in 0..<size.
  func checkBelow(_ size: Int, _ op: String) {
    for (place, index) in elements.enumerated() where index < 0 || index >= size {
      trap("\(op): index \(index) at place \(place) is not below \(size)")
    }
  }

  /// A vector of `classes` numbers for each index, 1 at the index and 0 elsewhere.
  ///
  /// Traps when an index is not below `classes`.
  public func oneHot(_ classes: Int) -> Tensor {
    checkBelow(classes, "oneHot")
    return Tensor(shape: Shape(shape + [classes])) { y in
      for i in 0..<y.count { y[i] = 0 }
      for (place, index) in elements.enumerated() { y[place * classes + Int(index)] = 1 }
    }
  }

  /// `count` neighbours along a dimension, from `start` on.
  public func narrowed(along dimension: Int, from start: Int, count: Int) -> IndexTensor {
    require(
      shape.indices ~= dimension && start >= 0 && count >= 0 && start + count <= shape[dimension],
      "narrowed: \(count) from \(start) on are not within dimension \(dimension) of \(shape)")
    let view = ReductionShape(shape, dimension)
    var (result, chosen) = (shape, [Int32]())
    result.replaceSize(of: dimension, by: count)
    for o in 0..<view.outer {
      let row = (o * view.count + start) * view.inner
      chosen += elements[row..<row + count * view.inner]
    }
    return IndexTensor(chosen, shape: result)
  }
}
