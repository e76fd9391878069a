/// Updates of parameters in place, one pass over memory each.
public protocol OptimizerKernels {
  /// g' = g + decay w; v = momentum v + (1 - dampening) g'; w -= rate (nesterov ? g' + momentum v : v).
  ///
  /// `velocity` is empty when momentum is 0.
  func sgd(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, velocity: inout MutableSpan<Float>,
    _ step: SGDStep)

  /// g' = g + penalty w; m = beta1 m + (1 - beta1) g'; v = beta2 v + (1 - beta2) g'^2;
  /// s = v, or with `largest` its maximum so far;
  /// w = (1 - decay) w - (averageRate m + gradientRate g') / (rootFactor sqrt(s) + epsilon).
  ///
  /// `largest` is empty where the maximum is not kept.
  func adam(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, average: inout MutableSpan<Float>,
    square: inout MutableSpan<Float>, largest: inout MutableSpan<Float>, _ step: AdamStep)

  /// g' = g + decay w; v = smoothing v + (1 - smoothing) g'^2; m the same of g';
  /// u = g' / (sqrt(v - m^2) + epsilon); b = momentum b + u; w -= rate b.
  ///
  /// `average` (m) is empty where the root is not centred: then m is 0. `velocity` (b) is empty when momentum
  /// is 0: then b is u.
  func rmsprop(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, square: inout MutableSpan<Float>,
    average: inout MutableSpan<Float>, velocity: inout MutableSpan<Float>, _ step: RMSpropStep)

  /// g' = g + decay w; s += g'^2; w -= rate g' / (sqrt(s) + epsilon).
  func adagrad(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, sum: inout MutableSpan<Float>,
    _ step: AdagradStep)

  /// g' = g + decay w; v = smoothing v + (1 - smoothing) g'^2; d = sqrt(u + epsilon) / sqrt(v + epsilon) g';
  /// u = smoothing u + (1 - smoothing) d^2; w -= rate d.
  func adadelta(
    _ weights: inout MutableSpan<Float>, gradient: Span<Float>, square: inout MutableSpan<Float>,
    change: inout MutableSpan<Float>, _ step: AdadeltaStep)

  /// a += share (x - a): a running mean moves towards x.
  func blend(_ x: Span<Float>, into a: inout MutableSpan<Float>, share: Float)

  /// The sum of x[i]^2, in double precision.
  func sumOfSquares(_ x: Span<Float>) -> Double

  /// x[i] *= factor.
  func scale(_ x: inout MutableSpan<Float>, by factor: Float)

  /// x[i] becomes the nearest number in -limit...limit; NaN stays.
  func clamp(_ x: inout MutableSpan<Float>, to limit: Float)
}
