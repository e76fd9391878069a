import Foundation

extension RandomStream {
  /// A number of the gamma distribution with this shape and scale 1 (Marsaglia and Tsang 2000).
  public mutating func gamma(_ shape: Double) -> Double {
    require(shape > 0 && shape.isFinite, "a gamma distribution has a shape above 0, got \(shape)")
    if shape < 1 { return gamma(shape + 1) * pow(uniform(), 1 / shape) }
    let d = shape - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      if v > 0, log(1 - uniform()) < x * x / 2 + d - d * v + d * log(v) { return d * v }
    }
  }

  /// A number in 0...1 of the beta distribution, by two of the gamma distribution.
  public mutating func beta(_ a: Double, _ b: Double) -> Double {
    let (x, y) = (gamma(a), gamma(b))
    // both vanish only where a and b are tiny: then the distribution is a coin
    return x + y > 0 ? x / (x + y) : uniform() < a / (a + b) ? 1 : 0
  }
}
