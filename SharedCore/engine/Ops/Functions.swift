import Kernels

/// One divided by x.
///
/// Derivative: -g y^2.
public func reciprocal(_ x: Tensor) -> Tensor { elementwise(.reciprocal, x) }

/// One divided by the square root of x.
///
/// Derivative: -g y / (2 x).
public func reciprocalSqrt(_ x: Tensor) -> Tensor { elementwise(.reciprocalSquareRoot, x) }

/// log(1 + x), right for the smallest x too.
///
/// Derivative: g / (1 + x).
public func log1p(_ x: Tensor) -> Tensor { elementwise(.logarithmOfOnePlus, x) }

/// The sine of x in radians.
///
/// Derivative: g cos x.
public func sin(_ x: Tensor) -> Tensor { elementwise(.sine, x) }

/// The cosine of x in radians.
///
/// Derivative: -g sin x.
public func cos(_ x: Tensor) -> Tensor { elementwise(.cosine, x) }

/// The angle in radians whose tangent is x.
///
/// Derivative: g / (1 + x^2).
public func atan(_ x: Tensor) -> Tensor { elementwise(.arctangent, x) }

/// The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x.
///
/// Derivative: g 2 / sqrt(pi) exp(-x^2).
public func erf(_ x: Tensor) -> Tensor { elementwise(.errorFunction, x) }

/// x to the power of a number; NaN below 0 unless the exponent is whole.
///
/// Derivative: g exponent x^(exponent - 1).
public func pow(_ x: Tensor, _ exponent: Float) -> Tensor { elementwise(.power(exponent: exponent), x) }

/// x, but not below `lower` and not above `upper`.
///
/// Derivative: g where lower <= x <= upper, else 0.
public func clamp(_ x: Tensor, lower: Float = -.infinity, upper: Float = .infinity) -> Tensor {
  elementwise(.clamp(lower: lower, upper: upper), x)
}

/// The larger of each pair, shapes broadcast; a NaN wins.
///
/// Derivative: g to the larger, half of it to each of equals.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
  record(combine(.maximum, a, b), from: a, b) { g in
    [
      a.needsGradient ? g.share(of: a, above: b).summed(to: a.shape) : nil,
      b.needsGradient ? g.share(of: b, above: a).summed(to: b.shape) : nil,
    ]
  }
}

/// The smaller of each pair, shapes broadcast; a NaN wins.
///
/// Derivative: g to the smaller, half of it to each of equals.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
  record(combine(.minimum, a, b), from: a, b) { g in
    [
      a.needsGradient ? g.share(of: b, above: a).summed(to: a.shape) : nil,
      b.needsGradient ? g.share(of: a, above: b).summed(to: b.shape) : nil,
    ]
  }
}

extension Tensor {
  /// g times 1, 1/2 or 0, as `a` is above `b`, equal to it or below.
  fileprivate func share(of a: Tensor, above b: Tensor) -> Tensor {
    combine(.multiply, self, combine(.shareOfLarger, a, b))
  }
}
