/// A loss that an experiment chooses by name.
public struct Loss: Sendable {
  /// The name under which it is recorded.
  public let name: String
  private let compute: @Sendable (Tensor, IndexTensor) -> Tensor

  /// A loss that turns outputs [N, K] and labels [N] into a scalar.
  public init(_ name: String, _ compute: @escaping @Sendable (Tensor, IndexTensor) -> Tensor) {
    self.name = name
    self.compute = compute
  }

  /// The mean loss of `outputs` [N, K] against `labels` [N].
  public func callAsFunction(_ outputs: Tensor, _ labels: IndexTensor) -> Tensor { compute(outputs, labels) }

  /// Softmax and negative log likelihood, for K classes and K outputs.
  public static let crossEntropy = Loss("cross_entropy") { Engine.crossEntropy($0, $1) }

  /// Sigmoid and negative log likelihood, for two classes and one output.
  public static let binaryCrossEntropy = Loss("binary_cross_entropy") { outputs, labels in
    binaryCrossEntropyWithLogits(outputs, Tensor(labels.elements.map(Float.init), shape: outputs.shape))
  }
}
