import Utils

/// The mean over the samples of -x at the label, for x that are logarithms of probabilities already.
///
/// Derivative: dx = -g weight / (sum of the weights) at the label, 0 elsewhere.
///
/// - Parameters:
///   - logProbabilities: x [N, K], or [N, K, ...].
///   - labels: [N] or [N, ...], each below K or `ignored`; traps otherwise.
///   - weights: [K], how much a sample of each class counts; the mean divides by the sum of the weights.
///   - ignored: the label of samples that do not count.
/// - Returns: a scalar in nats, or the shape of the labels without reduction.
public func negativeLogLikelihood(
  _ logProbabilities: Tensor, _ labels: IndexTensor, weights: Tensor? = nil, ignoring ignored: Int32? = nil,
  reduction: LossReduction = .mean
) -> Tensor {
  checkLabels(labels, of: logProbabilities.shape, ignoring: ignored, "negativeLogLikelihood")
  return labelLoss(logProbabilities, labels, weights, ignored, 0, reduction)
}

/// Traps unless there is a label for every sample, each one of the classes or ignored.
func checkLabels(_ labels: IndexTensor, of shape: Shape, ignoring ignored: Int32?, _ op: String) {
  require(
    shape.count >= 2 && labels.shape == shape.without(1, kept: false),
    "\(op): logits \(shape) and labels \(labels.shape) do not fit")
  let classes = shape[1]
  let isWrong = { (label: Int32) in (label < 0 || label >= classes) && label != ignored }
  let span = labels.elements.span
  let (limit, mayPass) = (UInt32(classes), ignored != nil)
  var wrong: Int32 = 0
  for n in 0..<span.count {
    let label = span[unchecked: n]
    wrong |= UInt32(bitPattern: label) >= limit && !(mayPass && label == ignored) ? 1 : 0
  }
  if wrong > 0, let n = labels.elements.firstIndex(where: isWrong) {
    trap("\(op): label \(labels.elements[n]) of sample \(n) is not one of \(classes) classes")
  }
}

/// -(1 - s) w x at the label - s / K sum of w x over all classes, of x [N, K, ...].
func labelLoss(
  _ x: Tensor, _ labels: IndexTensor, _ weights: Tensor?, _ ignored: Int32?, _ smoothing: Float,
  _ reduction: LossReduction
) -> Tensor {
  let classes = x.shape[1]
  require(
    weights == nil || weights?.shape == [classes],
    "a loss of \(classes) classes has weights of shape \(weights?.shape ?? [])")
  let places = IndexTensor(
    labels.elements.map { $0 == ignored ? 0 : $0 }, shape: x.shape.without(1, kept: true))
  let counts = Mask(labels.elements.map { $0 != ignored }, shape: labels.shape)
  let classWeights = weights?.elements ?? [Float](repeating: 1, count: classes)
  let sampleWeights = Tensor(
    zip(labels.elements, places.elements).map { $0 == ignored ? 0 : classWeights[Int($1)] },
    shape: labels.shape)

  var losses = -gather(x, along: 1, at: places).squeezed(at: 1) * sampleWeights
  if smoothing > 0 {
    let perClass = Shape([classes] + [Int](repeating: 1, count: x.shape.count - 2))
    let spread = (x * Tensor(classWeights, shape: perClass)).sum(over: 1)
    losses = losses * (1 - smoothing) - spread * (smoothing / Float(classes))
  }
  losses = losses.filled(with: 0, where: !counts)
  return reduction == .mean ? losses.sum() / sampleWeights.sum().scalar : losses.reduced(reduction)
}
