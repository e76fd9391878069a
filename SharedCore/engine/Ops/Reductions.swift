import Kernels
import Utils

/// The sum over one dimension, not recorded.
func reduceSum(_ x: Tensor, over dimension: Int, keepingDimension: Bool) -> Tensor {
  let (x, view, order) = x.viewed(along: dimension, keepingDimension)
  let shape = x.shape.without(dimension, kept: keepingDimension)
  return Tensor(shape: shape, order: order) { y in
    x.withMemory { Kernels.chosen.sum($0, into: &y, view) }
  }
}

extension Tensor {
  /// Itself seen along a dimension, and the order in which what is reduced lies then.
  fileprivate func viewed(
    along dimension: Int, _ keepingDimension: Bool
  ) -> (source: Tensor, ReductionShape, MemoryOrder) {
    // without samples, or without channels, nobody knows an order but row-major
    let source = keepingDimension || dimension > 0 ? self : arranged(in: .rowMajor)
    let staysImage = keepingDimension || (dimension > 1 && shape.count > 3)
    return (source, ReductionShape(source, dimension), staysImage ? source.order : .rowMajor)
  }
}

extension Tensor {
  /// The sum of all elements, a scalar; 0 of none.
  ///
  /// Derivative: dx = g everywhere.
  public func sum() -> Tensor { reshapedForReduction().sum(over: 0) }

  /// The mean of all elements, a scalar; NaN of none, as in PyTorch.
  ///
  /// Derivative: dx = g / count.
  public func mean() -> Tensor { sum() / Float(count) }

  /// The sum over one dimension, counted from the end when negative.
  ///
  /// Derivative: dx = g repeated along it.
  public func sum(over dimension: Int, keepingDimension: Bool = false) -> Tensor {
    let x = self
    let dimension = resolved(dimension, "sum")
    let y = reduceSum(x, over: dimension, keepingDimension: keepingDimension)
    return record(y, from: x, facts: .summed(dimension: dimension, isKept: keepingDimension)) { g in
      [g.repeated(along: dimension, of: x.shape, in: x.order)]
    }
  }

  /// The mean over one dimension.
  ///
  /// Derivative: dx = g / size, repeated along it.
  public func mean(over dimension: Int, keepingDimension: Bool = false) -> Tensor {
    sum(over: dimension, keepingDimension: keepingDimension) / Float(shape[resolved(dimension, "mean")])
  }

  /// The largest along one dimension.
  ///
  /// Derivative: g at the first place that has it, 0 elsewhere, as PyTorch's `max(dim)`; its `amax` spreads g evenly over
  /// equals.
  public func max(over dimension: Int, keepingDimension: Bool = false) -> Tensor {
    let x = self
    let dimension = resolved(dimension, "max")
    let (y, at, source) = x.largest(over: dimension, keepingDimension: keepingDimension)
    return record(y, from: x, facts: .largest(dimension: dimension, isKept: keepingDimension)) { g in
      let g = g.reshaped(to: x.shape.without(dimension, kept: true)).arranged(in: source.order)
      let view = ReductionShape(source, dimension)
      return [
        Tensor(shape: x.shape, order: source.order) { dx in
          for i in 0..<dx.count { dx[i] = 0 }
          g.withMemory { g in
            for o in 0..<view.outer {
              for i in 0..<view.inner {
                let from = o * view.inner + i
                dx[(o * view.count + Int(at[from])) * view.inner + i] = g[from]
              }
            }
          }
        }
      ]
    }
  }

  /// Where the largest stands along one dimension: the predicted class of a row of logits.
  ///
  /// The first of equals.
  public func argmax(over dimension: Int) -> IndexTensor {
    let dimension = resolved(dimension, "argmax")
    let (_, at, _) = arranged(in: .rowMajor).largest(over: dimension, keepingDimension: false)
    return IndexTensor(at, shape: shape.without(dimension, kept: false))
  }

  /// The largest, where each stands, and the tensor, in the order of memory in which it was walked through.
  private func largest(over dimension: Int, keepingDimension: Bool) -> (Tensor, [Int32], source: Tensor) {
    require(shape[dimension] > 0, "max: dimension \(dimension) of \(shape) is empty")
    let (source, view, order) = detached().viewed(along: dimension, keepingDimension)
    var at = [Int32](repeating: 0, count: view.outer * view.inner)
    let y = Tensor(shape: shape.without(dimension, kept: keepingDimension), order: order) { y in
      var places = at.mutableSpan
      source.withMemory { Kernels.chosen.maximum($0, into: &y, at: &places, view) }
    }
    return (y, at, source)
  }

  private func reshapedForReduction() -> Tensor { shape.count == 1 ? self : reshaped(to: [count]) }

  private func repeated(along dimension: Int, of shape: Shape, in order: MemoryOrder) -> Tensor {
    let g = reshaped(to: shape.without(dimension, kept: true)).arranged(in: order)
    let view = ReductionShape(shape, dimension, in: order)
    var walk = StridedView(from: 0)
    walk.append(size: view.inner, step: 1)
    walk.append(size: view.count, step: 0)
    walk.append(size: view.outer, step: view.inner)
    return Tensor(shape: shape, order: order) { dx in
      g.withMemory { Kernels.chosen.read($0, through: walk, into: &dx) }
    }
  }

  /// A dimension that may be counted from the end; traps when there is none.
  func resolved(_ dimension: Int, _ op: String) -> Int {
    let resolved = dimension < 0 ? dimension + shape.count : dimension
    require(shape.indices.contains(resolved), "\(op): \(shape) has no dimension \(dimension)")
    return resolved
  }
}

extension ReductionShape {
  /// A tensor of `shape` seen along one of its dimensions, as it lies in memory.
  init(_ shape: Shape, _ dimension: Int, in order: MemoryOrder = .rowMajor) {
    let (sizes, place) = (shape.sizes(in: order), shape.place(of: dimension, in: order))
    self.init(
      outer: sizes.product(of: 0..<place), count: sizes[place],
      inner: sizes.product(of: place + 1..<sizes.count))
  }

  /// A tensor seen along one of its dimensions, as it lies in memory.
  fileprivate init(_ x: Tensor, _ dimension: Int) { self.init(x.shape, dimension, in: x.order) }
}
