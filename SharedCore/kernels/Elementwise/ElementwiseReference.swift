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
    case .reciprocal: 1 / x
    case .reciprocalSquareRoot: 1 / x.squareRoot()
    case .logarithmOfOnePlus: log1p(x)
    case .sine: sin(x)
    case .cosine: cos(x)
    case .arctangent: atan(x)
    case .errorFunction: erf(x)
    case .silu: x * UnaryFunction.sigmoid(x)
    case .softplus: x.isNaN ? x : max(x, 0) + log1p(exp(-abs(x)))  // the exponential cannot overflow
    case .mish: x * Foundation.tanh(UnaryFunction.softplus(x))
    case .gelu: x * Gaussian.distribution(x)
    case .geluTanh: 0.5 * x * (1 + Foundation.tanh(Gaussian.slope * (x + Gaussian.cubic * x * x * x)))
    case .hardswish: x * (min(max(x + 3, 0), 6) / 6)
    case .leakyReLU(let slope): x < 0 ? slope * x : x
    case .elu(let alpha): x > 0 ? x : alpha * expm1(x)
    case .power(let exponent): pow(x, exponent)
    case .clamp(let lower, let upper): x < lower ? lower : x > upper ? upper : x
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
    case .reciprocal: -y * y
    case .reciprocalSquareRoot: -0.5 * y / x
    case .logarithmOfOnePlus: 1 / (1 + x)
    case .sine: cos(x)
    case .cosine: -sin(x)
    case .arctangent: 1 / (1 + x * x)
    case .errorFunction: 2 / Float.pi.squareRoot() * exp(-x * x)
    case .silu: Self.siluDerivative(x, UnaryFunction.sigmoid(x))
    case .softplus: UnaryFunction.sigmoid(x)
    case .mish: Self.mishDerivative(x)
    case .gelu: Gaussian.distribution(x) + x * Gaussian.density(x)
    case .geluTanh: Self.geluTanhDerivative(x)
    case .hardswish: x < -3 ? 0 : x > 3 ? 1 : x / 3 + 0.5
    case .leakyReLU(let slope): x > 0 ? 1 : slope
    case .elu(let alpha): x > 0 ? 1 : alpha * exp(x)
    case .power(let exponent): exponent == 0 ? 0 : exponent * pow(x, exponent - 1)
    case .clamp(let lower, let upper): x < lower || x > upper ? 0 : 1
    }
  }

  /// (x s)' with s = sigmoid(x) and s' = s (1 - s).
  @inlinable static func siluDerivative(_ x: Float, _ s: Float) -> Float { s * (1 + x * (1 - s)) }

  /// (x t)' with t = tanh(softplus(x)) and t' = (1 - t^2) sigmoid(x).
  @inlinable static func mishDerivative(_ x: Float) -> Float {
    let t = Foundation.tanh(UnaryFunction.softplus(x))
    return t + x * (1 - t * t) * UnaryFunction.sigmoid(x)
  }

  /// (x (1 + t) / 2)' with t = tanh(u), u = slope (x + cubic x^3); beyond 10, where t is 1, x^3 may overflow.
  @inlinable static func geluTanhDerivative(_ x: Float) -> Float {
    if abs(x) > 10 { return x > 0 ? 1 : 0 }
    let t = Foundation.tanh(Gaussian.slope * (x + Gaussian.cubic * x * x * x))
    let du = Gaussian.slope * (1 + 3 * Gaussian.cubic * x * x)
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * du
  }
}

/// The normal distribution, by which GELU weighs its input.
@usableFromInline enum Gaussian {
  /// sqrt(2 / pi) and the factor of x^3 with which tanh comes closest to the distribution.
  @usableFromInline static let slope: Float = 0.797_884_56
  @usableFromInline static let cubic: Float = 0.044_715

  /// The probability of a number below x; the complement of erf keeps its digits far below 0.
  @inlinable static func distribution(_ x: Float) -> Float { 0.5 * erfc(-x * Float(0.5).squareRoot()) }

  /// The probability density at x.
  @inlinable static func density(_ x: Float) -> Float { exp(-0.5 * x * x) / (2 * Float.pi).squareRoot() }
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
    case .minimum: a.isNaN ? a : b.isNaN ? b : min(a, b)
    case .keepWhere: b != 0 ? a : 0
    case .shareOfLarger: a < b ? 0 : a == b ? 0.5 : 1
    }
  }
}

extension ElementwiseKernels {
  /// y[i] = f(x[i]): one call an element, in order of memory.
  public func apply(_ function: UnaryFunction, _ x: Span<Float>, into y: inout MutableSpan<Float>) {
    for i in 0..<y.count { y[i] = function(x[i]) }
  }

  /// dx[i] = g[i] f'(x[i]), the chain rule: one call and one multiplication an element, in order of memory.
  public func applyDerivative(
    of function: UnaryFunction, _ g: Span<Float>, x: Span<Float>, y: Span<Float>,
    into dx: inout MutableSpan<Float>
  ) {
    for i in 0..<dx.count { dx[i] = g[i] * function.derivative(x[i], y[i]) }
  }

  /// y = f(a, b), one call an element; the step of an operand along a dimension in which it is repeated is 0.
  ///
  /// Counts through the result like an odometer, so that y is written in order: the innermost dimension turns fastest, and
  /// each turn of a dimension moves the operands by their step along it.
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

  /// y[i] = scale x[i] + shift: one multiplication and one addition an element.
  public func affine(_ x: Span<Float>, scale: Float, shift: Float, into y: inout MutableSpan<Float>) {
    for i in 0..<y.count { y[i] = scale * x[i] + shift }
  }

  /// y[i] += x[i]: one addition an element.
  public func accumulate(_ x: Span<Float>, into y: inout MutableSpan<Float>) {
    for i in 0..<y.count { y[i] += x[i] }
  }
}
