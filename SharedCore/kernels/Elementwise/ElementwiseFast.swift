import CVector
import Utils

extension FastKernels {
  /// Loops of CVector where it has the function; those of the reference for the rest.
  public func apply(_ function: UnaryFunction, _ x: Span<Float>, into y: inout MutableSpan<Float>) {
    require(x.count >= y.count)
    guard let (f, p, q) = function.loop else {
      for i in 0..<y.count { y[unchecked: i] = function(x[unchecked: i]) }
      return
    }
    vector_apply(f, x.address, y.address, Int64(y.count), p, q)
  }

  /// As above.
  public func applyDerivative(
    of function: UnaryFunction, _ g: Span<Float>, x: Span<Float>, y: Span<Float>,
    into dx: inout MutableSpan<Float>
  ) {
    require(g.count >= dx.count && x.count >= dx.count && y.count >= dx.count)
    guard let (f, p, q) = function.loop else {
      for i in 0..<dx.count {
        dx[unchecked: i] = g[unchecked: i] * function.derivative(x[unchecked: i], y[unchecked: i])
      }
      return
    }
    vector_derivative(f, g.address, x.address, y.address, dx.address, Int64(dx.count), p, q)
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
    vector_apply(VECTOR_AFFINE, x.address, y.address, Int64(y.count), scale, shift)
  }

  /// One addition an element.
  public func accumulate(_ x: Span<Float>, into y: inout MutableSpan<Float>) {
    require(x.count >= y.count)
    for i in 0..<y.count { y[unchecked: i] += x[unchecked: i] }
  }
}

extension UnaryFunction {
  /// Its loop in CVector, with the numbers that the function takes.
  fileprivate var loop: (vector_unary, p: Float, q: Float)? {
    switch self {
    case .negate: (VECTOR_NEGATE, 0, 0)
    case .absolute: (VECTOR_ABSOLUTE, 0, 0)
    case .square: (VECTOR_SQUARE, 0, 0)
    case .squareRoot: (VECTOR_SQUARE_ROOT, 0, 0)
    case .exponential: (VECTOR_EXPONENTIAL, 0, 0)
    case .logarithm: (VECTOR_LOGARITHM, 0, 0)
    case .relu: (VECTOR_RELU, 0, 0)
    case .sigmoid: (VECTOR_SIGMOID, 0, 0)
    case .tanh: (VECTOR_TANH, 0, 0)
    case .reciprocal: (VECTOR_RECIPROCAL, 0, 0)
    case .reciprocalSquareRoot: (VECTOR_RECIPROCAL_SQUARE_ROOT, 0, 0)
    case .errorFunction: (VECTOR_ERROR_FUNCTION, 0, 0)
    case .silu: (VECTOR_SILU, 0, 0)
    case .softplus: (VECTOR_SOFTPLUS, 0, 0)
    case .mish: (VECTOR_MISH, 0, 0)
    case .gelu: (VECTOR_GELU, 0, 0)
    case .geluTanh: (VECTOR_GELU_TANH, 0, 0)
    case .hardswish: (VECTOR_HARDSWISH, 0, 0)
    case .leakyReLU(let slope): (VECTOR_LEAKY_RELU, slope, 0)
    case .elu(let alpha): (VECTOR_ELU, alpha, 0)
    case .clamp(let lower, let upper): (VECTOR_CLAMP, lower, upper)
    case .logarithmOfOnePlus, .sine, .cosine, .arctangent, .power: nil
    }
  }
}
