import Kernels

/// What an operation was asked for beside the tensors that it was given: enough to say the same in another language.
///
/// Gathered only while somebody watches.
enum OperationFacts: Sendable {
  case unary(UnaryFunction)
  /// scale x + shift.
  case affine(scale: Float, shift: Float)
  case divided(by: Float)
  case convolution(ConvolutionWalk)
  /// The largest of each window, or the mean.
  case pooling(PoolingWalk, PoolingKind)
  /// Windows that divide the space into so many places a direction.
  case adaptivePooling(output: [Int], isMean: Bool)
  /// With statistics that were measured before.
  case batchNorm(weight: Tensor?, bias: Tensor?, mean: Tensor, variance: Tensor, epsilon: Float)
  /// Over so many last dimensions.
  case layerNorm(weight: Tensor?, bias: Tensor?, dimensions: Int, epsilon: Float)
  case localResponse(LocalResponse)
  case permuted([Int])
  case sliced(dimension: Int, start: Int, end: Int, step: Int)
  case expanded
  case concatenated(dimension: Int)
  case summed(dimension: Int, isKept: Bool)
  case largest(dimension: Int, isKept: Bool)
  case softmax(isLogarithm: Bool)

  enum PoolingKind: Sendable {
    case max
    case mean(countsPadding: Bool, divisor: Int?)
  }
}
