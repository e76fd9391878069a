import Utils

/// A function of one number, applied to every element.
public enum UnaryFunction: Hashable, CaseIterable, Sendable {
  case negate, absolute, square, squareRoot, exponential, logarithm, relu, sigmoid, tanh
  case reciprocal, reciprocalSquareRoot, logarithmOfOnePlus, sine, cosine, arctangent, errorFunction
  case silu, softplus, mish, gelu, geluTanh, hardswish
  case leakyReLU(slope: Float)
  case elu(alpha: Float)
  case power(exponent: Float)
  case clamp(lower: Float, upper: Float)

  /// Every function, those with a choice once.
  public static let allCases: [UnaryFunction] = [
    .negate, .absolute, .square, .squareRoot, .exponential, .logarithm, .relu, .sigmoid, .tanh,
    .reciprocal, .reciprocalSquareRoot, .logarithmOfOnePlus, .sine, .cosine, .arctangent, .errorFunction,
    .silu, .softplus, .mish, .gelu, .geluTanh, .hardswish,
    .leakyReLU(slope: 0.2), .elu(alpha: 1.5), .power(exponent: 2.7), .clamp(lower: -0.5, upper: 0.8),
  ]
}

/// A function of two numbers, applied to every pair of elements.
public enum BinaryFunction: String, CaseIterable, Sendable {
  case add, subtract, multiply, divide, maximum, minimum
  /// a where b is not 0, and 0 elsewhere, whatever a is there.
  case keepWhere
  /// 1 where a is the larger, 1/2 where both are equal, 0 where b is: the derivative of the maximum by a.
  case shareOfLarger
}

/// How two operands of different shapes meet: the result's sizes, and for each operand the step in memory along each
/// of them, 0 where the operand has one element that serves them all.
///
/// Kept inside the value, eight dimensions at most: an addition of four numbers should not allocate memory.
public struct Broadcast: Sendable {
  /// How many dimensions there are.
  public private(set) var rank = 0
  /// Sizes of the result, and the operands' steps, the innermost dimension first.
  public private(set) var sizes, stepsOfA, stepsOfB: InlineArray<8, Int>

  /// A result of one element.
  public init() {
    sizes = InlineArray(repeating: 1)
    stepsOfA = InlineArray(repeating: 0)
    stepsOfB = InlineArray(repeating: 0)
  }

  /// Two runs of `count` numbers, and as many results.
  public init(plain count: Int) {
    self.init()
    append(size: count, stepOfA: 1, stepOfB: 1)
  }

  /// Puts a dimension around those that are there.
  ///
  /// One that goes on where the last one ended becomes a part of it.
  public mutating func append(size: Int, stepOfA: Int, stepOfB: Int) {
    if rank > 0, stepOfA == stepsOfA[rank - 1] * sizes[rank - 1],
      stepOfB == stepsOfB[rank - 1] * sizes[rank - 1]
    {
      sizes[rank - 1] *= size
      return
    }
    require(rank < 8, "operands meet in eight dimensions at most")
    sizes[rank] = size
    stepsOfA[rank] = stepOfA
    stepsOfB[rank] = stepOfB
    rank += 1
  }

  /// Both operands and the result are the same run of numbers.
  public var isPlain: Bool { rank == 1 && stepsOfA[0] == 1 && stepsOfB[0] == 1 }

  /// How many numbers the result has.
  var count: Int {
    var product = 1
    for dimension in 0..<rank { product *= sizes[dimension] }
    return product
  }

  /// The places of the last numbers of the operands, where the result has any.
  var lastOfA: Int { last(stepsOfA) }
  var lastOfB: Int { last(stepsOfB) }

  private func last(_ steps: InlineArray<8, Int>) -> Int {
    var place = 0
    for dimension in 0..<rank { place += (sizes[dimension] - 1) * steps[dimension] }
    return place
  }
}

/// Arithmetic on every element.
public protocol ElementwiseKernels {
  /// y[i] = f(x[i]).
  func apply(_ function: UnaryFunction, _ x: Span<Float>, into y: inout MutableSpan<Float>)

  /// dx[i] = g[i] f'(x[i]), with y = f(x) given because several derivatives are shorter in it.
  func applyDerivative(
    of function: UnaryFunction, _ g: Span<Float>, x: Span<Float>, y: Span<Float>,
    into dx: inout MutableSpan<Float>)

  /// y = f(a, b) with the operands broadcast against each other.
  func apply(
    _ function: BinaryFunction, _ a: Span<Float>, _ b: Span<Float>, into y: inout MutableSpan<Float>,
    _ shape: Broadcast)

  /// y[i] = scale x[i] + shift.
  func affine(_ x: Span<Float>, scale: Float, shift: Float, into y: inout MutableSpan<Float>)

  /// y[i] += x[i].
  func accumulate(_ x: Span<Float>, into y: inout MutableSpan<Float>)
}
