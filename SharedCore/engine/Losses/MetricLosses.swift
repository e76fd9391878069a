import Utils

/// The cosine of the angle between x and y along a dimension: x y / (|x| |y|), each length at least epsilon.
///
/// Derivative: dx = g (y / |y| - c x / |x|) / |x|, and dy the same with x and y exchanged.
///
/// - Returns: the shape of x without `dimension`.
public func cosineSimilarity(_ x: Tensor, _ y: Tensor, over dimension: Int, epsilon: Float = 1e-8) -> Tensor {
  require(x.shape == y.shape, "cosineSimilarity: shapes \(x.shape) and \(y.shape) differ")
  func direction(_ x: Tensor) -> Tensor {
    x / clamp(x.norm(over: [dimension], keepingDimensions: true), lower: epsilon)
  }
  return (direction(x) * direction(y)).sum(over: dimension)
}

/// max(margin + |a - p| - |a - n|, 0): an anchor a shall be nearer to its like p than to the other n, by a margin
/// (Schroff, Kalenichenko, Philbin, "FaceNet", 2015, §3.1).
///
/// - Parameters:
///   - anchors, positives, negatives: [..., D].
///   - swapping: measures the negative from the positive where that is nearer (Balntas et al. 2016).
/// - Returns: a scalar, or [...] without reduction.
public func tripletMargin(
  _ anchors: Tensor, _ positives: Tensor, _ negatives: Tensor, margin: Float = 1, swapping: Bool = false,
  reduction: LossReduction = .mean
) -> Tensor {
  require(
    anchors.shape == positives.shape && anchors.shape == negatives.shape,
    "tripletMargin: shapes \(anchors.shape), \(positives.shape) and \(negatives.shape) differ")
  // as PyTorch: a little beside 0, where a distance has no derivative
  func distance(_ x: Tensor, _ y: Tensor) -> Tensor { (x - y + 1e-6).norm(over: [-1]) }
  var away = distance(anchors, negatives)
  if swapping { away = minimum(away, distance(positives, negatives)) }
  return relu(distance(anchors, positives) - away + margin).reduced(reduction)
}
