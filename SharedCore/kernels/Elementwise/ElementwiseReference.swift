import Foundation

extension UnaryFunction {
  /// The function at `x`.
  @inlinable public func callAsFunction(_ x: Float) -> Float {
    switch self {
    case .negate: -x
    case .absolute: abs(x)
    case .square: x * x
    case .squareRoot: x.squareRoot()
    case .exponential: exp(x)
    case .logarithm: log(x)
    case .relu: x.isNaN ? x : max(x, 0)
    case .sigmoid: x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))  // neither exponential can overflow
    case .tanh: Foundation.tanh(x)
    }
  }

  /// The derivative at `x`, where the function is `y`.
  @inlinable public func derivative(_ x: Float, _ y: Float) -> Float {
    switch self {
    case .negate: -1
    case .absolute: x > 0 ? 1 : x < 0 ? -1 : 0
    case .square: 2 * x
    case .squareRoot: 0.5 / y
    case .exponential: y
    case .logarithm: 1 / x
    case .relu: x > 0 ? 1 : 0
    case .sigmoid: y * (1 - y)
    case .tanh: 1 - y * y
    }
  }
}

extension BinaryFunction {
  /// The function at (`a`, `b`).
  @inlinable public func callAsFunction(_ a: Float, _ b: Float) -> Float {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .maximum: a.isNaN ? a : b.isNaN ? b : max(a, b)
    }
  }
}

extension ElementwiseKernels {
  /// The function of each element.
  public func apply(_ function: UnaryFunction, _ x: Span<Float>, into y: inout MutableSpan<Float>) {
    for i in 0..<y.count { y[i] = function(x[i]) }
  }

  /// The chain rule for each element.
  public func applyDerivative(
    of function: UnaryFunction, _ g: Span<Float>, x: Span<Float>, y: Span<Float>,
    into dx: inout MutableSpan<Float>
  ) {
    for i in 0..<dx.count { dx[i] = g[i] * function.derivative(x[i], y[i]) }
  }

  /// Counts through the result like an odometer: the innermost dimension turns fastest, and each turn of a dimension
  /// moves the operands by their step along it.
  public func apply(
    _ function: BinaryFunction, _ a: Span<Float>, _ b: Span<Float>, into y: inout MutableSpan<Float>,
    _ shape: Broadcast
  ) {
    var place = InlineArray<8, Int>(repeating: 0)
    var (atA, atB) = (0, 0)
    for i in 0..<y.count {
      y[i] = function(a[atA], b[atB])
      for dimension in 0..<shape.rank {
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
    for i in 0..<y.count { y[i] = scale * x[i] + shift }
  }

  /// One addition an element.
  public func accumulate(_ x: Span<Float>, into y: inout MutableSpan<Float>) {
    for i in 0..<y.count { y[i] += x[i] }
  }
}
