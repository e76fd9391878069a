import Utils

/// (x - y)^2.
///
/// Derivative: dx = 2 g (x - y), dy = -dx.
public func squaredError(_ x: Tensor, _ y: Tensor, reduction: LossReduction = .mean) -> Tensor {
  square(difference(x, y, "squaredError")).reduced(reduction)
}

/// |x - y|.
///
/// Derivative: dx = g with the sign of x - y, dy = -dx.
public func absoluteError(_ x: Tensor, _ y: Tensor, reduction: LossReduction = .mean) -> Tensor {
  abs(difference(x, y, "absoluteError")).reduced(reduction)
}

/// d^2 / 2 for |d| = |x - y| up to delta, delta (|d| - delta / 2) beyond (Huber 1964).
///
/// Derivative: dx = g clamp(d, -delta, delta), dy = -dx.
public func huber(_ x: Tensor, _ y: Tensor, delta: Float = 1, reduction: LossReduction = .mean) -> Tensor {
  require(delta > 0, "huber: delta is positive, not \(delta)")
  let d = difference(x, y, "huber")
  let c = clamp(d, lower: -delta, upper: delta)
  return (c * (d - c / 2)).reduced(reduction)
}

/// Huber's loss divided by delta, so that it is |d| - beta / 2 far away (Girshick, "Fast R-CNN", 2015, §2.3).
///
/// Derivative: dx = g clamp(d / beta, -1, 1), dy = -dx.
public func smoothL1(_ x: Tensor, _ y: Tensor, beta: Float = 1, reduction: LossReduction = .mean) -> Tensor {
  beta == 0
    ? absoluteError(x, y, reduction: reduction)
    : huber(x, y, delta: beta, reduction: reduction) / beta
}

/// The negative log likelihood of counts y under rates exp(x), without the terms of y alone: exp(x) - y x.
///
/// Derivative: dx = g (exp(x) - y).
///
/// - Parameters:
///   - isLogarithm: x is the rate's logarithm; else the rate itself, and the loss x - y log(x + epsilon).
///   - full: adds Stirling's y log y - y + log(2 pi y) / 2 where y > 1.
public func poissonNegativeLogLikelihood(
  _ x: Tensor, _ counts: Tensor, isLogarithm: Bool = true, full: Bool = false, epsilon: Float = 1e-8,
  reduction: LossReduction = .mean
) -> Tensor {
  require(x.shape == counts.shape, "poissonNegativeLogLikelihood: \(x.shape) and \(counts.shape) differ")
  let losses = isLogarithm ? exp(x) - counts * x : x - counts * log(x + epsilon)
  guard full else { return losses.reduced(reduction) }
  let many = Mask(of: counts) { $0 > 1 }
  let y = select(counts, where: many, else: Tensor(1))
  let stirling = y * log(y) - y + log(y * (2 * .pi)) * 0.5
  return (losses + stirling.filled(with: 0, where: !many)).reduced(reduction)
}

/// The negative log likelihood of y under normal distributions: (log v + (x - y)^2 / v) / 2.
///
/// Derivative: dx = g (x - y) / v, dv = g (1 / v - (x - y)^2 / v^2) / 2.
///
/// - Parameters:
///   - means, targets: x and y of one shape.
///   - variances: v, broadcast against x; at least epsilon, which the derivative does not see, as in PyTorch.
///   - full: adds log(2 pi) / 2.
public func gaussianNegativeLogLikelihood(
  _ means: Tensor, _ targets: Tensor, variances: Tensor, full: Bool = false, epsilon: Float = 1e-6,
  reduction: LossReduction = .mean
) -> Tensor {
  let d = difference(means, targets, "gaussianNegativeLogLikelihood")
  let low = variances.detached()
  let v = variances + (clamp(low, lower: epsilon) - low)
  let losses = (log(v) + square(d) / v) * 0.5
  return (full ? losses + 0.918_938_5 : losses).reduced(reduction)
}

/// How far x is from probabilities y: y (log y - x), 0 where y is 0, with x the logarithms of probabilities
/// (Kullback, Leibler 1951).
///
/// Derivative: dx = -g y.
///
/// - Parameters:
///   - isLogarithm: y are logarithms too.
///   - reduction: `.batchMean` is the divergence of a sample; the mean divides by the number of classes as well.
public func klDivergence(
  _ x: Tensor, _ targets: Tensor, isLogarithm: Bool = false, reduction: LossReduction = .batchMean
) -> Tensor {
  require(x.shape == targets.shape, "klDivergence: \(x.shape) and \(targets.shape) differ")
  if isLogarithm { return (exp(targets) * (targets - x)).reduced(reduction) }
  let positive = targets.filled(with: 1, where: Mask(of: targets) { $0 <= 0 })
  return (targets * (log(positive) - x)).reduced(reduction)
}

private func difference(_ x: Tensor, _ y: Tensor, _ op: String) -> Tensor {
  require(x.shape == y.shape, "\(op): shapes \(x.shape) and \(y.shape) differ")
  return x - y
}
