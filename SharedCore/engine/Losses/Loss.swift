import Utils

/// A loss that an experiment chooses by name.
///
/// It compares outputs [N, K] with labels [N], one class a sample, or with targets [N, K], 1 for each class that a sample has.
public struct Loss: Sendable {
  /// The name under which it is recorded.
  public let name: String
  /// What else determines it, such as `gamma`, for the record.
  public let parameters: [String: JSONValue]
  private let comparison: Comparison

  private enum Comparison {
    case labels(@Sendable (Tensor, IndexTensor) -> Tensor)
    case smoothable(@Sendable (Tensor, IndexTensor, Float) -> Tensor)
    case targets(@Sendable (Tensor, Tensor) -> Tensor)
  }

  private init(_ name: String, _ parameters: [String: JSONValue], _ comparison: Comparison) {
    (self.name, self.parameters, self.comparison) = (name, parameters, comparison)
  }

  /// A loss that turns outputs [N, K] and labels [N] into a scalar.
  public init(_ name: String, _ compute: @escaping @Sendable (Tensor, IndexTensor) -> Tensor) {
    self.init(name, [:], .labels(compute))
  }

  /// A loss that can also spread a share of each label evenly over all classes, its third argument.
  public init(
    smoothable name: String, parameters: [String: JSONValue] = [:],
    _ compute: @escaping @Sendable (Tensor, IndexTensor, Float) -> Tensor
  ) {
    self.init(name, parameters, .smoothable(compute))
  }

  /// A loss that turns outputs and targets, both [N, K], into a scalar: each class is a question of its own.
  public init(
    multiLabel name: String, parameters: [String: JSONValue] = [:],
    _ compute: @escaping @Sendable (_ outputs: Tensor, _ targets: Tensor) -> Tensor
  ) {
    self.init(name, parameters, .targets(compute))
  }

  /// It can tell samples that have any number of classes.
  public var isMultiLabel: Bool { if case .targets = comparison { true } else { false } }

  /// The same loss with a share of each label spread over all classes; nil where it cannot.
  public func smoothed(by share: Float) -> Loss? {
    if share == 0 { return self }
    guard case .smoothable(let smooth) = comparison else { return nil }
    return Loss(name, parameters, .labels { smooth($0, $1, share) })
  }

  /// The mean loss of `outputs` [N, K] against `labels` [N].
  public func callAsFunction(_ outputs: Tensor, _ labels: IndexTensor) -> Tensor {
    switch comparison {
    case .labels(let compute): compute(outputs, labels)
    case .smoothable(let compute): compute(outputs, labels, 0)
    case .targets(let compute): compute(outputs, targets(of: labels, like: outputs))
    }
  }

  /// The mean loss of `outputs` [N, K] against `targets` [N, K]; traps where the loss wants one class a sample.
  public func callAsFunction(_ outputs: Tensor, _ targets: Tensor) -> Tensor {
    guard case .targets(let compute) = comparison else {
      trap("\(name) wants one class a sample, not targets \(targets.shape)")
    }
    return compute(outputs, targets)
  }

  /// The mean loss of `outputs` [N, K] against what `batch` has: targets, else labels.
  public func callAsFunction(_ outputs: Tensor, _ batch: Batch) -> Tensor {
    batch.targets.map { self(outputs, $0) } ?? self(outputs, batch.labels)
  }

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
    let error = Engine.squaredError(sigmoid(outputs), targets(of: labels, like: outputs), reduction: .sum)
    return error / Float(2 * max(labels.elements.count, 1))
  }
}

/// [N, K], 1 at each label and 0 elsewhere; where there is one output, 1 for class 1.
private func targets(of labels: IndexTensor, like outputs: Tensor) -> Tensor {
  let width = outputs.shape[1]
  return Tensor(shape: outputs.shape) { targets in
    for (n, label) in labels.elements.enumerated() {
      for k in 0..<width { targets[n * width + k] = (width == 1 ? label == 1 : label == k) ? 1 : 0 }
    }
  }
}
