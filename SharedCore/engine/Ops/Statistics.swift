import Utils

extension Tensor {
  /// The sum over several dimensions, counted from the end when negative.
  ///
  /// Derivative: dx = g repeated along them.
  public func sum(over dimensions: [Int], keepingDimensions: Bool = false) -> Tensor {
    let (whole, kept) = (shape, shape.withOnes(at: resolved(dimensions, "sum")))
    let total = resolved(dimensions, "sum").reduce(detached()) {
      reduceSum($0, over: $1, keepingDimension: true)
    }
    let shape = keepingDimensions ? kept : shape.without(resolved(dimensions, "sum"))
    let y = total.reshaped(to: shape)
    return record(y, from: self) { g in [g.reshaped(to: kept).expanded(to: whole)] }
  }

  /// The mean over several dimensions.
  ///
  /// Derivative: dx = g / count, repeated along them.
  public func mean(over dimensions: [Int], keepingDimensions: Bool = false) -> Tensor {
    sum(over: dimensions, keepingDimensions: keepingDimensions) / Float(count(along: dimensions, "mean"))
  }

  /// The mean square distance from the mean, m, over several dimensions: sum (x - m)^2 / (n - 1).
  ///
  /// Derivative: dx = 2 g (x - m) / (n - 1).
  ///
  /// - Parameter unbiased: divides by n - 1, the estimate for a sample, NaN of one element; false divides by n.
  public func variance(over dimensions: [Int], unbiased: Bool = true, keepingDimensions: Bool = false)
    -> Tensor
  {
    let divisor = Swift.max(Float(count(along: dimensions, "variance") - (unbiased ? 1 : 0)), 0)
    let distances = self - mean(over: dimensions, keepingDimensions: true)
    return square(distances).sum(over: dimensions, keepingDimensions: keepingDimensions) / divisor
  }

  /// The square root of the variance.
  ///
  /// Derivative: dx = g (x - m) / ((n - 1) y), 0 where y is 0.
  public func standardDeviation(
    over dimensions: [Int], unbiased: Bool = true, keepingDimensions: Bool = false
  ) -> Tensor {
    let variance = variance(over: dimensions, unbiased: unbiased, keepingDimensions: keepingDimensions)
    // the root's slope at 0 is infinite, and infinity times 0 is NaN
    let none = Mask(of: variance) { $0 == 0 }
    return sqrt(variance.filled(with: 1, where: none)).filled(with: 0, where: none)
  }

  /// The Euclidean length over several dimensions, right for numbers whose squares overflow or vanish.
  ///
  /// Derivative: dx = g x / y, 0 where the length is 0.
  public func norm(over dimensions: [Int], keepingDimensions: Bool = false) -> Tensor {
    let x = self
    let dimensions = resolved(dimensions, "norm")
    let largest = dimensions.reduce(abs(detached())) { $0.max(over: $1, keepingDimension: true) }
    let scale = largest.filled(with: 1, where: Mask(of: largest) { $0 == 0 || $0.isInfinite })
    let length = scale * sqrt(square(detached() / scale).sum(over: dimensions, keepingDimensions: true))
    let y = keepingDimensions ? length : length.reshaped(to: shape.without(dimensions))
    return record(y, from: x) { g in
      let direction = x.detached() / length.filled(with: 1, where: Mask(of: length) { $0 == 0 })
      return [g.reshaped(to: length.shape) * direction]
    }
  }

  /// log sum exp(x) over one dimension; no exponential overflows, and -infinity alone stays -infinity.
  ///
  /// Derivative: dx = g exp(x - y), 0 where y is -infinity.
  public func logSumExp(over dimension: Int, keepingDimension: Bool = false) -> Tensor {
    let x = self
    let dimension = resolved(dimension, "logSumExp")
    let largest = detached().max(over: dimension, keepingDimension: true)
    let shift = largest.filled(with: 0, where: Mask(of: largest) { $0.isInfinite })
    let kept = log(exp(detached() - shift).sum(over: dimension, keepingDimension: true)) + shift
    let y = keepingDimension ? kept : kept.reshaped(to: shape.without(dimension, kept: false))
    return record(y, from: x) { g in
      let finite = kept.filled(with: 0, where: Mask(of: kept) { $0 == -.infinity })
      return [g.reshaped(to: kept.shape) * exp(x.detached() - finite)]
    }
  }

  /// The smallest along one dimension.
  ///
  /// Derivative: g at the first place that has it, 0 elsewhere.
  public func min(over dimension: Int, keepingDimension: Bool = false) -> Tensor {
    -(-self).max(over: dimension, keepingDimension: keepingDimension)
  }

  /// Where the smallest stands along one dimension, the first of equals.
  public func argmin(over dimension: Int) -> IndexTensor { (-self).argmax(over: dimension) }

  private func count(along dimensions: [Int], _ op: String) -> Int {
    resolved(dimensions, op).reduce(1) { $0 * shape[$1] }
  }

  private func resolved(_ dimensions: [Int], _ op: String) -> [Int] {
    let resolved = dimensions.map { self.resolved($0, op) }
    require(Set(resolved).count == resolved.count, "\(op): \(dimensions) names a dimension of \(shape) twice")
    return resolved
  }
}

extension Shape {
  /// The same shape with these sizes 1.
  fileprivate func withOnes(at dimensions: [Int]) -> Shape {
    Shape(indices.map { dimensions.contains($0) ? 1 : self[$0] })
  }

  /// The same shape without these dimensions.
  fileprivate func without(_ dimensions: [Int]) -> Shape {
    Shape(indices.filter { !dimensions.contains($0) }.map { self[$0] })
  }
}
