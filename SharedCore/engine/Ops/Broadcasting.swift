import Kernels
import Utils

extension Tensor {
  /// Element by element, shapes broadcast from the last dimension as in NumPy.
  ///
  /// Derivative: da = g, db = g, each summed over the dimensions along which the operand was repeated.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    record(combine(.add, a, b), from: a, b) { g in
      [
        a.needsGradient ? g.summed(to: a.shape) : nil,
        b.needsGradient ? g.summed(to: b.shape) : nil,
      ]
    }
  }

  /// Element by element.
  ///
  /// Derivative: da = g, db = -g.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    record(combine(.subtract, a, b), from: a, b) { g in
      [
        a.needsGradient ? g.summed(to: a.shape) : nil,
        b.needsGradient ? -g.summed(to: b.shape) : nil,
      ]
    }
  }

  /// Element by element.
  ///
  /// Derivative: da = g b, db = g a.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    record(combine(.multiply, a, b), from: a, b) { g in
      [
        a.needsGradient ? combine(.multiply, g, b).summed(to: a.shape) : nil,
        b.needsGradient ? combine(.multiply, g, a).summed(to: b.shape) : nil,
      ]
    }
  }

  /// Element by element.
  ///
  /// Derivative: da = g / b, db = -g a / b^2.
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
func combine(_ function: BinaryFunction, _ a: Tensor, _ b: Tensor) -> Tensor {
  let (shape, broadcast) = broadcasting(function, a.shape, b.shape)
  return Tensor(shape: shape) { y in
    a.withSpan { a in b.withSpan { b in Kernels.chosen.apply(function, a, b, into: &y, broadcast) } }
  }
}

/// The shape in which `a` and `b` meet, and how each is read there; traps when they do not fit.
private func broadcasting(_ op: BinaryFunction, _ a: Shape, _ b: Shape) -> (Shape, Broadcast) {
  if a == b { return (a, Broadcast(plain: a.elementCount)) }
  var shape = a.count >= b.count ? a : b
  var broadcast = Broadcast()
  var (strideOfA, strideOfB) = (1, 1)
  for dimension in shape.indices.reversed() {
    let (inA, inB) = (dimension - (shape.count - a.count), dimension - (shape.count - b.count))
    let (sizeOfA, sizeOfB) = (inA < 0 ? 1 : a[inA], inB < 0 ? 1 : b[inB])
    require(
      sizeOfA == sizeOfB || sizeOfA == 1 || sizeOfB == 1, "\(op): shapes \(a) and \(b) do not broadcast")
    let size = sizeOfA == 1 ? sizeOfB : sizeOfA
    shape.replaceSize(of: dimension, by: size)
    if size != 1 {
      broadcast.append(
        size: size, stepOfA: sizeOfA == 1 ? 0 : strideOfA, stepOfB: sizeOfB == 1 ? 0 : strideOfB)
    }
    strideOfA *= sizeOfA
    strideOfB *= sizeOfB
  }
  return (shape, broadcast)
}
