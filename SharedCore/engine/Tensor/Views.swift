import Kernels
import Utils

extension Tensor {
  /// Two dimensions exchanged, counted from the end when negative.
  ///
  /// Derivative: dx = g with the same two exchanged.
  public func transposed(_ a: Int, _ b: Int) -> Tensor {
    var order = Array(shape.indices)
    order.swapAt(resolved(a, "transposed"), resolved(b, "transposed"))
    return permuted(to: order)
  }

  /// The dimensions in another order: [N, H, W, C] permuted to [0, 3, 1, 2] is [N, C, H, W].
  ///
  /// Derivative: dx = g with the dimensions in their old order.
  public func permuted(to order: [Int]) -> Tensor {
    let order = order.map { resolved($0, "permuted") }
    require(
      order.sorted() == Array(shape.indices),
      "permuted: \(order) is not an order of the dimensions of \(shape)")
    let strides = strides
    let y = detached().viewed(as: Shape(order.map { shape[$0] }), steps: order.map { strides[$0] })
    return record(y, from: self, facts: .permuted(order)) { g in
      [g.permuted(to: order.indices.sorted { order[$0] < order[$1] })]
    }
  }

  /// `count` neighbours along a dimension, from `start` on.
  ///
  /// Derivative: dx = g there, 0 elsewhere.
  public func narrowed(along dimension: Int, from start: Int, count: Int) -> Tensor {
    let dimension = resolved(dimension, "narrowed")
    require(
      start >= 0 && count >= 0 && start + count <= shape[dimension],
      "narrowed: \(count) from \(start) on are not within dimension \(dimension) of \(shape)")
    return sliced(along: dimension, from: start, to: start + count)
  }

  /// Every `step`-th along a dimension from `start` up to, not including, `end`, which may lie behind the last.
  ///
  /// Derivative: dx = g there, 0 elsewhere.
  public func sliced(along dimension: Int, from start: Int = 0, to end: Int = .max, step: Int = 1) -> Tensor {
    let dimension = resolved(dimension, "sliced")
    require(
      start >= 0 && step >= 1, "sliced: a start from 0 and a step from 1 up are needed, not \(start), \(step)"
    )
    let end = Swift.min(end, shape[dimension])
    var (result, steps) = (shape, strides)
    result.replaceSize(of: dimension, by: Swift.max(end - start + step - 1, 0) / step)
    let first = result[dimension] == 0 ? 0 : start * steps[dimension]
    steps[dimension] *= step
    return viewed(
      as: result, steps: steps, from: first, in: order,
      facts: .sliced(dimension: dimension, start: start, end: Swift.max(start, end), step: step))
  }

  /// Dimensions of size 1, and missing outer ones, repeated to fill a larger shape.
  ///
  /// Derivative: dx = g, summed over what was repeated.
  public func expanded(to larger: Shape) -> Tensor {
    let outer = larger.count - shape.count
    require(
      outer >= 0 && shape.indices.allSatisfy { shape[$0] == larger[outer + $0] || shape[$0] == 1 },
      "expanded: \(shape) does not repeat to \(larger)")
    let strides = strides
    return viewed(
      as: larger,
      steps: larger.indices.map { $0 < outer || shape[$0 - outer] == 1 ? 0 : strides[$0 - outer] },
      facts: .expanded)
  }

  /// Some dimensions in the opposite order.
  ///
  /// Derivative: dx = g with the same ones turned.
  public func flipped(along dimensions: [Int]) -> Tensor {
    var (steps, start) = (strides, 0)
    for dimension in Set(dimensions.map { resolved($0, "flipped") }) {
      start += Swift.max(shape[dimension] - 1, 0) * steps[dimension]
      steps[dimension] *= -1
    }
    return viewed(as: shape, steps: steps, from: start, in: order)
  }

  /// All elements moved along a dimension; those that leave at the end come in at the beginning.
  ///
  /// Derivative: dx = g moved back.
  public func rolled(by shift: Int, along dimension: Int) -> Tensor {
    let size = shape[resolved(dimension, "rolled")]
    guard size > 0 else { return self }
    let leaving = (shift % size + size) % size
    return concatenate(
      [
        narrowed(along: dimension, from: size - leaving, count: leaving),
        narrowed(along: dimension, from: 0, count: size - leaving),
      ], along: dimension)
  }

  /// The whole tensor side by side, as often along each dimension as `counts` says.
  ///
  /// Derivative: dx = g, summed over the copies.
  public func repeated(_ counts: [Int]) -> Tensor {
    require(counts.count == shape.count, "repeated: \(counts.count) counts for the dimensions of \(shape)")
    return shape.indices.reduce(self) { x, dimension in
      let before = x.shape.prefix(dimension)
      let after = x.shape.dropFirst(dimension)
      return x.reshaped(to: Shape(before + [1] + after))
        .expanded(to: Shape(before + [counts[dimension]] + after))
        .reshaped(to: Shape(before + [counts[dimension] * shape[dimension]] + after.dropFirst()))
    }
  }

  /// A new dimension of size 1 before `dimension`, counted in the result from the end when negative.
  public func unsqueezed(at dimension: Int) -> Tensor {
    let place = dimension < 0 ? dimension + shape.count + 1 : dimension
    require(0...shape.count ~= place, "unsqueezed: \(shape) has no place for a dimension at \(dimension)")
    return reshaped(to: Shape(shape.prefix(place) + [1] + shape.dropFirst(place)))
  }

  /// The same elements without a dimension of size 1.
  public func squeezed(at dimension: Int) -> Tensor {
    let dimension = resolved(dimension, "squeezed")
    require(shape[dimension] == 1, "squeezed: dimension \(dimension) of \(shape) has more than one element")
    return reshaped(to: shape.without(dimension, kept: false))
  }

  /// The step in memory along each dimension.
  private var strides: [Int] { shape.strides(in: order) }

  /// A copy read with these steps, in `order`; one that walks through memory as it lies shares it.
  ///
  /// Derivative: dx = g added along the same walk.
  private func viewed(
    as shape: Shape, steps: [Int], from start: Int = 0, in order: MemoryOrder = .rowMajor,
    facts: OperationFacts? = nil, function: StaticString = #function
  ) -> Tensor {
    let isImage = !shape.hasOneOrder && steps == shape.strides(in: .channelsLast)
    let order = isImage ? .channelsLast : order
    var walk = StridedView(from: start)
    for dimension in shape.dimensions(in: order).reversed() where shape[dimension] != 1 {
      walk.append(size: shape[dimension], step: steps[dimension])
    }
    let (view, whole, wholeOrder) = (walk, self.shape, self.order)
    let isRun = view.rank == 0 || (view.rank == 1 && view.steps[0] == 1)
    let y =
      isRun
      ? Tensor(shape: shape, storage: storage, offset: offset + start, order: order)
      : Tensor(shape: shape, order: order) { y in
        withMemory { Kernels.chosen.read($0, through: view, into: &y) }
      }
    return record(y, from: self, function: function, facts: facts) { g in
      let g = g.arranged(in: order)
      if isRun, g.count == whole.elementCount {  // nothing moved
        return [Tensor(shape: whole, storage: g.storage, offset: g.offset, order: wholeOrder)]
      }
      return [
        Tensor(shape: whole, order: wholeOrder) { dx in
          for i in 0..<dx.count { dx[i] = 0 }
          g.withMemory { Kernels.chosen.add($0, through: view, into: &dx) }
        }
      ]
    }
  }
}
