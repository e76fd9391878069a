import Utils

/// The exponential family without branches and without calls, so that the compiler turns each loop over it
/// into vector instructions.
///
/// The loops stand here because a debug build does not inline from file to file.
///
/// Polynomials and constants of Moshier's Cephes library (1989, single precision); within 3 units in the last place.
enum VectorMath {
  /// y[i] = exp(x[i]).
  static func exp(_ x: Span<Float>, into y: inout MutableSpan<Float>) {
    require(x.count >= y.count)
    for i in 0..<y.count { y[unchecked: i] = exp(x[unchecked: i]) }
  }

  /// y[i] becomes exp(y[i]) for i in `range`.
  static func exponentiate(_ y: inout MutableSpan<Float>, in range: Range<Int>) {
    require(range.lowerBound >= 0 && range.upperBound <= y.count)
    for i in range { y[unchecked: i] = exp(y[unchecked: i]) }
  }

  /// y[i] = 1 / (1 + exp(-x[i])).
  static func sigmoid(_ x: Span<Float>, into y: inout MutableSpan<Float>) {
    require(x.count >= y.count)
    for i in 0..<y.count { y[unchecked: i] = sigmoid(x[unchecked: i]) }
  }

  /// y[i] = tanh(x[i]).
  static func tanh(_ x: Span<Float>, into y: inout MutableSpan<Float>) {
    require(x.count >= y.count)
    for i in 0..<y.count { y[unchecked: i] = tanh(x[unchecked: i]) }
  }

  /// y[i] becomes tanh(y[i]).
  static func tanh(ofEach y: inout MutableSpan<Float>) {
    for i in 0..<y.count { y[unchecked: i] = tanh(y[unchecked: i]) }
  }

  /// e to the power x: 0 from -104 down, infinity from 89 up, as rounding to Float gives them; NaN stays NaN.
  @inline(__always)
  private static func exp(_ x: Float) -> Float {
    let x = x > 89 ? 89 : x < -104 ? -104 : x
    // x = n ln 2 + r with |r| <= ln 2 / 2. Adding 1.5 * 2^23 leaves n, rounded, in the lowest bits.
    let shifted = x * 1.442_695_04 + 12_582_912
    let n = shifted - 12_582_912
    let r = x - n * 0.693_359_375 - n * -2.121_944_4e-4  // ln 2 in two pieces, the first exact in 10 bits
    var p: Float = 1.987_569_1e-4
    p = p * r + 1.398_199_9e-3
    p = p * r + 8.333_452e-3
    p = p * r + 4.166_579_6e-2
    p = p * r + 1.666_666_5e-1
    p = p * r + 5.000_000_1e-1
    // 2^n in two factors: one alone would leave the range of exponents where the result is denormal or infinite.
    let exponent = Int32(bitPattern: shifted.bitPattern) &- 0x4B40_0000
    let half = exponent &>> 1
    return (p * r * r + r + 1) * power(half) * power(exponent &- half)
  }

  /// 2 to the power n, for n in -126...127.
  @inline(__always)
  private static func power(_ n: Int32) -> Float { Float(bitPattern: UInt32(bitPattern: (n &+ 127) &<< 23)) }

  /// 1 / (1 + exp(-x)); where the exponential is infinite, 0 is right.
  @inline(__always)
  private static func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }

  /// The hyperbolic tangent: a polynomial near 0, where the difference of exponentials would cancel, and
  /// 1 - 2 / (exp(2 |x|) + 1) with the sign of x elsewhere.
  @inline(__always)
  private static func tanh(_ x: Float) -> Float {
    let distance = Float(bitPattern: x.bitPattern & 0x7FFF_FFFF)
    let z = x * x
    var p: Float = -5.704_988_7e-3
    p = p * z + 2.063_908_9e-2
    p = p * z - 5.373_971_6e-2
    p = p * z + 1.333_144_2e-1
    p = p * z - 3.333_328_2e-1
    let near = p * z * x + x
    let far = 1 - 2 / (exp(2 * distance) + 1)
    let signed = Float(bitPattern: far.bitPattern | (x.bitPattern & 0x8000_0000))
    return distance < 0.625 ? near : signed
  }
}
