import Kernels
import Utils

extension Tensor {
  /// Element by element, shapes broadcast from the last dimension as in NumPy.
  ///
  /// In the memory of an operand that nobody else sees. Derivative: da = g, db = g, each summed over the dimensions along
  /// which the operand was repeated.
  public static func + (a: consuming Tensor, b: consuming Tensor) -> Tensor {
    var (a, b) = (a, b)
    let y = combined(.add, &a, &b)
    let (ofA, ofB) = (Operand(a), Operand(b))
    return record(y, from: a, b) { g in [ofA.gradient(g), ofB.gradient(g)] }
  }

  /// Element by element.
  ///
  /// Derivative: da = g, db = -g.
  public static func - (a: consuming Tensor, b: consuming Tensor) -> Tensor {
    var (a, b) = (a, b)
    let y = combined(.subtract, &a, &b)
    let (ofA, ofB) = (Operand(a), Operand(b))
    return record(y, from: a, b) { g in [ofA.gradient(g), ofB.gradient(g).map { -$0 }] }
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
    return result.reshaped(to: shape)
  }
}

/// What a sum keeps of an operand: not its numbers.
private struct Operand {
  let shape: Shape
  let needsGradient: Bool

  init(_ x: Tensor) {
    shape = x.shape
    needsGradient = x.needsGradient
  }

  func gradient(_ g: Tensor) -> Tensor? { needsGradient ? g.summed(to: shape) : nil }
}

/// f(a, b), not recorded, in the memory of an operand that nobody else sees.
private func combined(_ function: BinaryFunction, _ a: inout Tensor, _ b: inout Tensor) -> Tensor {
  guard a.shape == b.shape, a.order == b.order else { return combine(function, a, b) }
  let shape = Broadcast(plain: a.count)
  if a.isAlone() {
    return a.changed { own, y in
      b.withMemory { Kernels.chosen.apply(function, own, $0, into: &y, shape) }
    }
  }
  if b.isAlone() {
    return b.changed { own, y in
      a.withMemory { Kernels.chosen.apply(function, $0, own, into: &y, shape) }
    }
  }
  return combine(function, a, b)
}

/// y = f(a, b), not recorded.
func combine(_ function: BinaryFunction, _ a: Tensor, _ b: Tensor) -> Tensor {
  let order = Tensor.commonOrder(a, b)
  let (shape, broadcast) = broadcasting(function, a.shape, b.shape, in: order)
  return Tensor(shape: shape, order: order) { y in
    a.arranged(for: shape, in: order).withMemory { a in
      b.arranged(for: shape, in: order).withMemory { b in
        Kernels.chosen.apply(function, a, b, into: &y, broadcast)
      }
    }
  }
}

extension Tensor {
  /// An operand that is broadcast to `shape`, with as many dimensions and in its order of memory.
  fileprivate func arranged(for shape: Shape, in order: MemoryOrder) -> Tensor {
    if order == .rowMajor || count == 1 { return self }
    return detached().reshaped(to: self.shape.extended(to: shape.count)).arranged(in: order)
  }
}

extension Shape {
  /// The same sizes after as many ones as it takes to have `rank` dimensions.
  fileprivate func extended(to rank: Int) -> Shape {
    count == rank ? self : Shape(Array(repeating: 1, count: rank - count) + Array(self))
  }
}

/// The shape in which `a` and `b` meet, and how each is read there, from the innermost in memory outward.
///
/// Traps when they do not fit.
private func broadcasting(
  _ op: BinaryFunction, _ a: Shape, _ b: Shape, in order: MemoryOrder
) -> (Shape, Broadcast) {
  if a == b { return (a, Broadcast(plain: a.elementCount)) }
  var shape = a.count >= b.count ? a : b
  var broadcast = Broadcast()
  var (strideOfA, strideOfB) = (1, 1)
  for place in shape.indices.reversed() {
    let dimension = order == .rowMajor || place == 0 ? place : place == shape.count - 1 ? 1 : place + 1
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
