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

  /// The odometer of the reference turns once a row; a row is a loop of CVector.
  public func apply(
    _ function: BinaryFunction, _ a: Span<Float>, _ b: Span<Float>, into y: inout MutableSpan<Float>,
    _ shape: Broadcast
  ) {
    guard shape.count > 0 else { return }
    require(shape.count <= y.count && shape.lastOfA < a.count && shape.lastOfB < b.count)
    var loops = vector_broadcast(shape)
    vector_combine(function.loop, a.address, b.address, y.address, &loops)
  }

  /// One multiplication and one addition an element.
  public func affine(_ x: Span<Float>, scale: Float, shift: Float, into y: inout MutableSpan<Float>) {
    require(x.count >= y.count)
    vector_apply(VECTOR_AFFINE, x.address, y.address, Int64(y.count), scale, shift)
  }

  /// One addition an element.
  public func accumulate(_ x: Span<Float>, into y: inout MutableSpan<Float>) {
    require(x.count >= y.count)
    vector_accumulate(x.address, y.address, Int64(y.count))
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

extension BinaryFunction {
  /// Its loop in CVector.
  fileprivate var loop: vector_binary {
    switch self {
    case .add: VECTOR_ADD
    case .subtract: VECTOR_SUBTRACT
    case .multiply: VECTOR_MULTIPLY
    case .divide: VECTOR_DIVIDE
    case .maximum: VECTOR_MAXIMUM
    case .minimum: VECTOR_MINIMUM
    case .keepWhere: VECTOR_KEEP_WHERE
    case .shareOfLarger: VECTOR_SHARE_OF_LARGER
    }
  }
}

extension vector_broadcast {
  fileprivate init(_ shape: Broadcast) {
    self.init()
    rank = Int64(shape.rank)
    withUnsafeMutableBytes(of: &sizes) { $0.storeBytes(of: shape.sizes, as: InlineArray<8, Int>.self) }
    withUnsafeMutableBytes(of: &steps_a) { $0.storeBytes(of: shape.stepsOfA, as: InlineArray<8, Int>.self) }
    withUnsafeMutableBytes(of: &steps_b) { $0.storeBytes(of: shape.stepsOfB, as: InlineArray<8, Int>.self) }
  }
}
