import Kernels
import Utils

/// f(x) for every element, in the memory of x where the derivative does not need x and nobody else sees it.
///
/// Derivative: dx = g f'(x).
func elementwise(_ function: UnaryFunction, _ x: consuming Tensor, op: StaticString = #function) -> Tensor {
  var x = x
  let y: Tensor
  if function.slopeNeeds == .output || !x.needsGradient, x.isAlone() {
    y = x.changed { Kernels.chosen.apply(function, $0, into: &$1) }
  } else {
    y = Tensor(shape: x.shape, order: x.order) { y in
      x.withMemory { Kernels.chosen.apply(function, $0, into: &y) }
    }
  }
  // what the slope does not need is not kept; it is given the other in its place
  let input = function.slopeNeeds == .output ? y : x
  let output = function.slopeNeeds == .input ? x : y
  return record(y, from: x, function: op, facts: .unary(function)) { g in
    [
      Tensor(shape: input.shape, order: input.order) { dx in
        g.arranged(in: input.order).withMemory { g in
          input.withMemory { x in
            output.withMemory { y in
              Kernels.chosen.applyDerivative(of: function, g, x: x, y: y, into: &dx)
            }
          }
        }
      }
    ]
  }
}

extension Tensor {
  /// Nobody else sees the memory, so that it may be written; never while an operation is watched.
  mutating func isAlone() -> Bool {
    offset == 0 && storage.count == count && Observation.observer == nil
      && isKnownUniquelyReferenced(&storage)
  }

  /// A tensor in the same memory, which `body` changes number by number; only for one that `isAlone`.
  func changed(_ body: (Span<Float>, inout MutableSpan<Float>) -> Void) -> Tensor {
    var span = UnsafeMutableBufferPointer(start: storage.start, count: count).mutableSpan
    withMemory { body($0, &span) }
    return Tensor(shape: shape, storage: storage, order: order)
  }
}

extension UnaryFunction {
  /// What a derivative is computed from.
  enum SlopeNeeds { case input, output, both }

  /// The sign of y is that of x for the ReLU and its leaky relative; the others have their derivative written in y.
  var slopeNeeds: SlopeNeeds {
    switch self {
    case .negate, .squareRoot, .exponential, .relu, .sigmoid, .tanh, .reciprocal: .output
    case .leakyReLU(let slope): slope > 0 ? .output : .input
    case .reciprocalSquareRoot: .both
    default: .input
    }
  }
}

/// The larger of x and 0.
///
/// Derivative: g where x > 0, else 0.
public func relu(_ x: consuming Tensor) -> Tensor { elementwise(.relu, x) }

/// 1 / (1 + exp(-x)).
///
/// Derivative: g y (1 - y).
public func sigmoid(_ x: consuming Tensor) -> Tensor { elementwise(.sigmoid, x) }

/// The hyperbolic tangent.
///
/// Derivative: g (1 - y^2).
public func tanh(_ x: consuming Tensor) -> Tensor { elementwise(.tanh, x) }

/// e to the power x.
///
/// Derivative: g y.
public func exp(_ x: consuming Tensor) -> Tensor { elementwise(.exponential, x) }

/// The natural logarithm; -infinity at 0, NaN below.
///
/// Derivative: g / x.
public func log(_ x: Tensor) -> Tensor { elementwise(.logarithm, x) }

/// The square root; NaN below 0.
///
/// Derivative: g / (2 y).
public func sqrt(_ x: consuming Tensor) -> Tensor { elementwise(.squareRoot, x) }

/// x times x.
///
/// Derivative: 2 g x.
public func square(_ x: Tensor) -> Tensor { elementwise(.square, x) }

/// The distance from 0.
///
/// Derivative: g with the sign of x, 0 at 0.
public func abs(_ x: Tensor) -> Tensor { elementwise(.absolute, x) }

/// scale x + shift, in the memory of x where nobody else sees it.
///
/// Derivative: g scale.
private func affine(_ x: consuming Tensor, scale: Float, shift: Float, op: StaticString = #function) -> Tensor
{
  var x = x
  let y: Tensor
  if x.isAlone() {
    y = x.changed { Kernels.chosen.affine($0, scale: scale, shift: shift, into: &$1) }
  } else {
    y = Tensor(shape: x.shape, order: x.order) { y in
      x.withMemory { Kernels.chosen.affine($0, scale: scale, shift: shift, into: &y) }
    }
  }
  return record(y, from: x, function: op, facts: .affine(scale: scale, shift: shift)) { g in
    [affine(g, scale: scale, shift: 0)]
  }
}

extension Tensor {
  /// Every element with the other sign.
  public static prefix func - (x: consuming Tensor) -> Tensor { elementwise(.negate, x) }
  /// Every element plus a number.
  public static func + (x: consuming Tensor, shift: Float) -> Tensor { affine(x, scale: 1, shift: shift) }
  /// Every element minus a number.
  public static func - (x: consuming Tensor, shift: Float) -> Tensor { affine(x, scale: 1, shift: -shift) }
  /// A number minus every element.
  public static func - (shift: Float, x: consuming Tensor) -> Tensor { affine(x, scale: -1, shift: shift) }
  /// Every element times a number.
  public static func * (x: consuming Tensor, scale: Float) -> Tensor { affine(x, scale: scale, shift: 0) }
  /// A number times every element.
  public static func * (scale: Float, x: consuming Tensor) -> Tensor { affine(x, scale: scale, shift: 0) }
  /// Every element divided by a number; divided, because times the reciprocal 49 / 49 is 0.99999994.
  public static func / (x: Tensor, divisor: Float) -> Tensor {
    record(combine(.divide, x, Tensor(divisor)), from: x, facts: .divided(by: divisor)) { g in
      [combine(.divide, g, Tensor(divisor))]
    }
  }
}

/// The sum of two gradients of one value; the first one's memory is used again when nobody else sees it.
func sumOfGradients(_ a: consuming Tensor, _ b: Tensor) -> Tensor {
  require(a.shape == b.shape, "gradients of one value differ in shape: \(a.shape) and \(b.shape)")
  if a.offset == 0, isKnownUniquelyReferenced(&a.storage) {
    var sum = UnsafeMutableBufferPointer(start: a.storage.start, count: a.shape.elementCount).mutableSpan
    b.arranged(in: a.order).withMemory { Kernels.chosen.accumulate($0, into: &sum) }
    return a
  }
  return a + b
}
