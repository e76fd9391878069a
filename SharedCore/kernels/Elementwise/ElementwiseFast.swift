import Foundation
import Utils

extension FastKernels {
  /// The choice of the function stands outside the loop, so that each loop is one vector instruction repeated.
  ///
  /// The exponential family is `VectorMath`; the functions of the C library stay with the reference.
  public func apply(_ function: UnaryFunction, _ x: Span<Float>, into y: inout MutableSpan<Float>) {
    switch function {
    case .negate: map(x, into: &y) { -$0 }
    case .absolute: map(x, into: &y) { Float(bitPattern: $0.bitPattern & 0x7FFF_FFFF) }
    case .square: map(x, into: &y) { $0 * $0 }
    case .squareRoot: map(x, into: &y) { $0.squareRoot() }
    case .exponential: VectorMath.exp(x, into: &y)
    case .logarithm: map(x, into: &y) { log($0) }
    case .relu: map(x, into: &y) { $0 < 0 ? 0 : $0 }  // a NaN is not below 0 and stays
    case .sigmoid: VectorMath.sigmoid(x, into: &y)
    case .tanh: VectorMath.tanh(x, into: &y)
    case .reciprocal: map(x, into: &y) { 1 / $0 }
    case .reciprocalSquareRoot: map(x, into: &y) { 1 / $0.squareRoot() }
    case .silu:
      VectorMath.sigmoid(x, into: &y)
      multiply(&y, by: x)
    case .geluTanh:
      map(x, into: &y) { Gaussian.slope * ($0 + Gaussian.cubic * $0 * $0 * $0) }
      VectorMath.tanh(ofEach: &y)
      for i in 0..<y.count { y[unchecked: i] = 0.5 * x[unchecked: i] * (1 + y[unchecked: i]) }
    case .hardswish: map(x, into: &y) { $0 * (($0 < -3 ? 0 : $0 > 3 ? 6 : $0 + 3) / 6) }
    case .leakyReLU(let slope): map(x, into: &y) { $0 < 0 ? slope * $0 : $0 }
    case .clamp(let lower, let upper): map(x, into: &y) { $0 < lower ? lower : $0 > upper ? upper : $0 }
    case .logarithmOfOnePlus, .sine, .cosine, .arctangent, .errorFunction, .softplus, .mish, .gelu, .elu,
      .power:
      map(x, into: &y) { function($0) }
    }
  }

  /// As above: the choice first, then one loop.
  public func applyDerivative(
    of function: UnaryFunction, _ g: Span<Float>, x: Span<Float>, y: Span<Float>,
    into dx: inout MutableSpan<Float>
  ) {
    switch function {
    case .negate: map(g, x, y, into: &dx) { g, _, _ in -g }
    case .absolute: map(g, x, y, into: &dx) { g, x, _ in g * ((x > 0 ? 1 : 0) - (x < 0 ? 1 : 0)) }
    case .square: map(g, x, y, into: &dx) { g, x, _ in g * (2 * x) }
    case .squareRoot: map(g, x, y, into: &dx) { g, _, y in g * (0.5 / y) }
    case .exponential: map(g, x, y, into: &dx) { g, _, y in g * y }
    case .logarithm: map(g, x, y, into: &dx) { g, x, _ in g * (1 / x) }
    case .relu: map(g, x, y, into: &dx) { g, x, _ in g * (x > 0 ? 1 : 0) }
    case .sigmoid: map(g, x, y, into: &dx) { g, _, y in g * (y * (1 - y)) }
    case .tanh: map(g, x, y, into: &dx) { g, _, y in g * (1 - y * y) }
    case .reciprocal: map(g, x, y, into: &dx) { g, _, y in g * (-y * y) }
    case .reciprocalSquareRoot: map(g, x, y, into: &dx) { g, x, y in g * (-0.5 * y / x) }
    case .silu:
      VectorMath.sigmoid(x, into: &dx)
      for i in 0..<dx.count {
        dx[unchecked: i] = g[i] * UnaryFunction.siluDerivative(x[unchecked: i], dx[unchecked: i])
      }
    case .softplus:
      VectorMath.sigmoid(x, into: &dx)
      multiply(&dx, by: g)
    case .hardswish: map(g, x, y, into: &dx) { g, x, _ in g * (x < -3 ? 0 : x > 3 ? 1 : x / 3 + 0.5) }
    case .leakyReLU(let slope): map(g, x, y, into: &dx) { g, x, _ in g * (x > 0 ? 1 : slope) }
    case .clamp(let lower, let upper):
      map(g, x, y, into: &dx) { g, x, _ in g * (x < lower || x > upper ? 0 : 1) }
    case .logarithmOfOnePlus, .sine, .cosine, .arctangent, .errorFunction, .mish, .gelu, .geluTanh, .elu,
      .power:
      map(g, x, y, into: &dx) { g, x, y in g * function.derivative(x, y) }
    }
  }

  /// The choice of the function stands outside the loop here too.
  public func apply(
    _ function: BinaryFunction, _ a: Span<Float>, _ b: Span<Float>, into y: inout MutableSpan<Float>,
    _ shape: Broadcast
  ) {
    switch function {
    case .add: combine(a, b, into: &y, shape) { $0 + $1 }
    case .subtract: combine(a, b, into: &y, shape) { $0 - $1 }
    case .multiply: combine(a, b, into: &y, shape) { $0 * $1 }
    case .divide: combine(a, b, into: &y, shape) { $0 / $1 }
    case .maximum: combine(a, b, into: &y, shape) { $0.isNaN ? $0 : $1.isNaN ? $1 : max($0, $1) }
    case .minimum: combine(a, b, into: &y, shape) { $0.isNaN ? $0 : $1.isNaN ? $1 : min($0, $1) }
    case .keepWhere: combine(a, b, into: &y, shape) { $1 != 0 ? $0 : 0 }
    case .shareOfLarger: combine(a, b, into: &y, shape) { $0 < $1 ? 0 : $0 == $1 ? 0.5 : 1 }
    }
  }

  private func multiply(_ y: inout MutableSpan<Float>, by x: Span<Float>) {
    require(x.count >= y.count)
    for i in 0..<y.count { y[unchecked: i] *= x[unchecked: i] }
  }

  @inline(__always)
  private func map(_ x: Span<Float>, into y: inout MutableSpan<Float>, _ function: (Float) -> Float) {
    require(x.count >= y.count)
    for i in 0..<y.count { y[unchecked: i] = function(x[unchecked: i]) }
  }

  @inline(__always)
  private func map(
    _ g: Span<Float>, _ x: Span<Float>, _ y: Span<Float>, into dx: inout MutableSpan<Float>,
    _ function: (Float, Float, Float) -> Float
  ) {
    require(g.count >= dx.count && x.count >= dx.count && y.count >= dx.count)
    for i in 0..<dx.count { dx[unchecked: i] = function(g[unchecked: i], x[unchecked: i], y[unchecked: i]) }
  }

  /// The odometer of the reference turns once a row; inside a row the steps are constant.
  @inline(__always)
  private func combine(
    _ a: Span<Float>, _ b: Span<Float>, into y: inout MutableSpan<Float>, _ shape: Broadcast,
    _ function: (Float, Float) -> Float
  ) {
    if shape.isPlain {
      require(a.count >= y.count && b.count >= y.count)
      for i in 0..<y.count { y[unchecked: i] = function(a[unchecked: i], b[unchecked: i]) }
      return
    }
    let (width, stepOfA, stepOfB) = (shape.sizes[0], shape.stepsOfA[0], shape.stepsOfB[0])
    var place = InlineArray<8, Int>(repeating: 0)
    var (atA, atB, row) = (0, 0, 0)
    while row < y.count {
      require(
        row + width <= y.count && atA + (width - 1) * stepOfA < a.count
          && atB + (width - 1) * stepOfB < b.count)
      switch (stepOfA, stepOfB) {
      case (1, 1):
        for i in 0..<width {
          y[unchecked: row &+ i] = function(a[unchecked: atA &+ i], b[unchecked: atB &+ i])
        }
      case (1, 0):
        let b = b[unchecked: atB]
        for i in 0..<width { y[unchecked: row &+ i] = function(a[unchecked: atA &+ i], b) }
      case (0, 1):
        let a = a[unchecked: atA]
        for i in 0..<width { y[unchecked: row &+ i] = function(a, b[unchecked: atB &+ i]) }
      default:
        for i in 0..<width {
          y[unchecked: row &+ i] = function(
            a[unchecked: atA &+ i &* stepOfA], b[unchecked: atB &+ i &* stepOfB])
        }
      }
      row += width
      for dimension in 1..<Swift.max(shape.rank, 1) {
        place[dimension] += 1
        atA += shape.stepsOfA[dimension]
        atB += shape.stepsOfB[dimension]
        if place[dimension] < shape.sizes[dimension] { break }
        atA -= shape.stepsOfA[dimension] * shape.sizes[dimension]
        atB -= shape.stepsOfB[dimension] * shape.sizes[dimension]
        place[dimension] = 0
      }
    }
  }

  /// One multiplication and one addition an element.
  public func affine(_ x: Span<Float>, scale: Float, shift: Float, into y: inout MutableSpan<Float>) {
    require(x.count >= y.count)
    for i in 0..<y.count { y[unchecked: i] = scale * x[unchecked: i] + shift }
  }

  /// One addition an element.
  public func accumulate(_ x: Span<Float>, into y: inout MutableSpan<Float>) {
    require(x.count >= y.count)
    for i in 0..<y.count { y[unchecked: i] += x[unchecked: i] }
  }
}
