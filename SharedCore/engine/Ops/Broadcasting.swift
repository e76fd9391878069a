import Kernels

extension Tensor {
  /// Element by element, shapes broadcast from the last dimension as in NumPy. Derivative: da = g, db = g, each
  /// summed over the dimensions along which the operand was repeated.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    record(combine(.add, a, b), from: a, b) { g in
      [
        a.needsGradient ? g.summed(to: a.shape) : nil,
        b.needsGradient ? g.summed(to: b.shape) : nil,
      ]
    }
  }

  /// Element by element. Derivative: da = g, db = -g.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    record(combine(.subtract, a, b), from: a, b) { g in
      [
        a.needsGradient ? g.summed(to: a.shape) : nil,
        b.needsGradient ? -g.summed(to: b.shape) : nil,
      ]
    }
  }

  /// Element by element. Derivative: da = g b, db = g a.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    record(combine(.multiply, a, b), from: a, b) { g in
      [
        a.needsGradient ? combine(.multiply, g, b).summed(to: a.shape) : nil,
        b.needsGradient ? combine(.multiply, g, a).summed(to: b.shape) : nil,
      ]
    }
  }

  /// Element by element. Derivative: da = g / b, db = -g a / b^2.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let y = combine(.divide, a, b)
    return record(y, from: a, b) { g in
      [
        a.needsGradient ? combine(.divide, g, b).summed(to: a.shape) : nil,
        b.needsGradient ? -combine(.divide, combine(.multiply, g, y), b).summed(to: b.shape) : nil,
      ]
    }
  }

  /// The gradient of an operand of `shape` that was broadcast: summed over every dimension that it does not have, or has
  /// once.
  func summed(to shape: Shape) -> Tensor {
    if self.shape == shape { return detached() }
    var result = self.detached()
    for dimension in self.shape.indices.reversed() {
      let own = dimension - (self.shape.count - shape.count)
      if own < 0 || (shape[own] == 1 && self.shape[dimension] != 1) {
        result = reduceSum(result, over: dimension, keepingDimension: true)
      }
    }
    return Tensor(shape: shape, storage: result.storage, offset: result.offset)
  }
}

/// y = f(a, b), not recorded.
private func combine(_ function: BinaryFunction, _ a: Tensor, _ b: Tensor) -> Tensor {
  let (shape, broadcast) = broadcasting("\(function)", a.shape, b.shape)
  return Tensor(shape: shape) { y in
    a.withSpan { a in b.withSpan { b in Kernels.chosen.apply(function, a, b, into: &y, broadcast) } }
  }
}

/// The shape in which `a` and `b` meet, and how each is read there; traps when they do not fit.
private func broadcasting(_ op: String, _ a: Shape, _ b: Shape) -> (Shape, Broadcast) {
  if a == b { return (a, Broadcast(sizes: [a.elementCount], stepsOfA: [1], stepsOfB: [1])) }
  let rank = Swift.max(a.count, b.count)
  var (sizes, stepsOfA, stepsOfB): ([Int], [Int], [Int]) = ([], [], [])
  var (strideOfA, strideOfB) = (1, 1)
  var whole: [Int] = []
  for back in 1...Swift.max(rank, 1) where rank > 0 {
    let sizeOfA = back <= a.count ? a[a.count - back] : 1
    let sizeOfB = back <= b.count ? b[b.count - back] : 1
    precondition(
      sizeOfA == sizeOfB || sizeOfA == 1 || sizeOfB == 1, "\(op): shapes \(a) and \(b) do not broadcast")
    let size = sizeOfA == 1 ? sizeOfB : sizeOfA
    whole.append(size)
    let stepOfA = sizeOfA == 1 ? 0 : strideOfA
    let stepOfB = sizeOfB == 1 ? 0 : strideOfB
    strideOfA *= sizeOfA
    strideOfB *= sizeOfB
    if size == 1 { continue }
    if let last = sizes.last, stepOfA == stepsOfA[stepsOfA.count - 1] * last,
      stepOfB == stepsOfB[stepsOfB.count - 1] * last
    {
      sizes[sizes.count - 1] *= size  // this dimension goes on where the inner one ended: one longer row
    } else {
      sizes.append(size)
      stepsOfA.append(stepOfA)
      stepsOfB.append(stepOfB)
    }
  }
  if sizes.isEmpty { (sizes, stepsOfA, stepsOfB) = ([1], [1], [1]) }
  return (
    Shape(whole.reversed()),
    Broadcast(sizes: sizes.reversed(), stepsOfA: stepsOfA.reversed(), stepsOfB: stepsOfB.reversed())
  )
}
