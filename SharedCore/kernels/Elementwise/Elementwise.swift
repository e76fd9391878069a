/// A function of one number, applied to every element.
public enum UnaryFunction: String, CaseIterable, Sendable {
  case negate, absolute, square, squareRoot, exponential, logarithm, relu, sigmoid, tanh
}

/// A function of two numbers, applied to every pair of elements.
public enum BinaryFunction: String, CaseIterable, Sendable {
  case add, subtract, multiply, divide, maximum
}

/// How two operands of different shapes meet: the result's sizes, and for each operand the step in memory along each
/// of them, 0 where the operand has one element that serves them all.
public struct Broadcast: Equatable, Sendable {
  /// Sizes of the result, and the operands' steps, outermost dimension first.
  public let sizes, stepsOfA, stepsOfB: [Int]

  /// A result of `sizes` whose operands advance by these steps.
  public init(sizes: [Int], stepsOfA: [Int], stepsOfB: [Int]) {
    self.sizes = sizes
    self.stepsOfA = stepsOfA
    self.stepsOfB = stepsOfB
  }

  /// Both operands and the result are the same run of numbers.
  public var isPlain: Bool {
    sizes.count <= 1 && stepsOfA.allSatisfy { $0 == 1 } && stepsOfB.allSatisfy { $0 == 1 }
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
