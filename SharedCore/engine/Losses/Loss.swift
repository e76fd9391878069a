/// A loss that an experiment chooses by name.
public struct Loss: Sendable {
  /// The name under which it is recorded.
  public let name: String
  private let compute: @Sendable (Tensor, IndexTensor) -> Tensor
  private let smooth: (@Sendable (Tensor, IndexTensor, Float) -> Tensor)?

  /// A loss that turns outputs [N, K] and labels [N] into a scalar.
  public init(_ name: String, _ compute: @escaping @Sendable (Tensor, IndexTensor) -> Tensor) {
    self.name = name
    self.compute = compute
    smooth = nil
  }

  /// A loss that can also spread a share of each label evenly over all classes, its third argument.
  public init(
    smoothable name: String, _ compute: @escaping @Sendable (Tensor, IndexTensor, Float) -> Tensor
  ) {
    self.name = name
    self.compute = { compute($0, $1, 0) }
    smooth = compute
  }

  /// The same loss with a share of each label spread over all classes; nil where it cannot.
  public func smoothed(by share: Float) -> Loss? {
    if share == 0 { return self }
    return smooth.map { smooth in Loss(name) { smooth($0, $1, share) } }
  }

  /// The mean loss of `outputs` [N, K] against `labels` [N].
  public func callAsFunction(_ outputs: Tensor, _ labels: IndexTensor) -> Tensor { compute(outputs, labels) }

  /// Softmax and negative log likelihood, for K classes and K outputs.
  public static let crossEntropy = Loss(smoothable: "cross_entropy") { outputs, labels, share in
    Engine.crossEntropy(outputs, labels, smoothing: share)
  }

  /// Sigmoid and negative log likelihood, for two classes and one output.
  public static let binaryCrossEntropy = Loss(smoothable: "binary_cross_entropy") { outputs, labels, share in
    let targets = labels.elements.map { Float($0) * (1 - share) + share / 2 }
    return binaryCrossEntropyWithLogits(outputs, Tensor(targets, shape: outputs.shape))
  }

  /// Half the squared distance of the logistic outputs from the labels, one output for two classes, else one a class:
  /// E = 1/2 sum (sigmoid(y) - t)^2, the mean over the samples.
  ///
  /// Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", 1986, eq. 3.
  public static let squaredError = Loss("squared_error") { outputs, labels in
    let width = outputs.shape[1]
    let targets = Tensor(shape: outputs.shape) { targets in
      for (n, label) in labels.elements.enumerated() {
        for k in 0..<width { targets[n * width + k] = (width == 1 ? label == 1 : label == k) ? 1 : 0 }
      }
    }
    let error = Engine.squaredError(sigmoid(outputs), targets, reduction: .sum)
    return error / Float(2 * max(labels.elements.count, 1))
  }
}
