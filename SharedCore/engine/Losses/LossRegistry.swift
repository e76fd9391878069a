import Utils

/// Losses that a configuration chooses by name.
public typealias LossRegistry = Registry<LossRecipe>

/// How a loss of the registry is made from parameters.
public struct LossRecipe: Sendable {
  /// The parameters that it takes, by name; others are not passed to it.
  public let parameters: [String]
  let make: @Sendable (LossParameters) throws -> Loss

  /// A loss that is made from some `parameters`. `make` throws where one of them has no value that it can use.
  public init(parameters: [String] = [], make: @escaping @Sendable (LossParameters) throws -> Loss) {
    self.parameters = parameters
    self.make = make
  }
}

/// What losses may be made with when their weights depend on the data.
public struct LossData: Sendable {
  /// The classes of the training part.
  public let training: ClassCounts
  /// The classes of the first batch that is trained on, which is read when a loss asks for it.
  public let firstBatch: @Sendable () throws -> ClassCounts

  /// The classes of a training part and of its first batch.
  public init(training: ClassCounts, firstBatch: @escaping @Sendable () throws -> ClassCounts) {
    self.training = training
    self.firstBatch = firstBatch
  }
}

extension Registry<LossRecipe> {
  /// The losses of the workspace.
  public static let standard: LossRegistry = {
    var registry = LossRegistry("loss")
    registry.register(
      "focal_loss", .focal, description: "each class a question of its own, hard ones first (Lin et al. 2017)"
    )
    registry.register(
      "bce_with_logits", .binaryCrossEntropy, description: "each class a question of its own, all alike")
    registry.register(
      "cross_entropy", LossRecipe { _ in .crossEntropy }, description: "one class a sample: softmax")
    registry.register(
      "weighted_cross_entropy", .weightedCrossEntropy,
      description: "one class a sample, each counted N / n as its class has n of N")
    return registry
  }()

  /// The loss called `name` with those of `parameters` that it takes; throws a `LabError` for an unknown name, with the known
  /// ones and the nearest, and for a value that it cannot use.
  ///
  /// - Parameter data: what weights are computed from, where a parameter asks for that.
  public func get(_ name: String, _ parameters: [String: JSONValue], for data: LossData? = nil) throws -> Loss
  {
    let recipe = try get(name)
    let accepted = parameters.filter { recipe.parameters.contains($0.key) }
    return try recipe.make(LossParameters(loss: name, values: accepted, data: data))
  }
}

extension LossRecipe {
  /// `crossEntropy` with the weight N / n for a class with n of the N training samples, and 0 for one without any.
  fileprivate static let weightedCrossEntropy = LossRecipe { parameters in
    guard let classes = parameters.data?.training else {
      throw LabError(
        .config, "\(parameters.loss) needs the classes of the data",
        remedy: "choose cross_entropy without data")
    }
    let weights = classes.positives.map { $0 == 0 ? 0 : Float(classes.samples) / Float($0) }
    let record: [String: JSONValue] = ["weights": .array(weights.map { .number(Double($0)) })]
    return Loss(smoothable: parameters.loss, parameters: record) { outputs, labels, share in
      Engine.crossEntropy(
        outputs, labels, weights: Tensor(weights, shape: [weights.count]), smoothing: share)
    }
  }

  /// `focal`, with alpha as a number, a list, or a word that says what it is computed from.
  fileprivate static let focal = LossRecipe(
    parameters: ["alpha", "beta", "gamma", "reduction", "use_effective_num", "use_logits"]
  ) { parameters in
    let alpha = try parameters.alpha()
    let gamma = try parameters.number("gamma", in: 0...100) ?? 2
    let reduction = try parameters.reduction()
    let takesLogits = try parameters.flag("use_logits") ?? true
    let record: [String: JSONValue] = [
      "alpha": alpha.map { $0.count == 1 ? .number($0[0]) : .array($0.map(JSONValue.number)) } ?? nil, "gamma": .number(gamma),
      "reduction": .string(reduction.rawValue),
    ]
    return Loss(multiLabel: "focal_loss", parameters: record) { outputs, targets in
      Engine.focal(
        outputs, targets, alpha: parameters.row(alpha, like: outputs), gamma: Float(gamma),
        takesProbabilities: !takesLogits, reduction: reduction)
    }
  }

  /// `binaryCrossEntropyWithLogits`, with how much a target of 1 counts as a number or a list.
  fileprivate static let binaryCrossEntropy = LossRecipe(parameters: ["pos_weight", "reduction"]) {
    parameters in
    let weights = try parameters.numbers("pos_weight", in: 0...1e6)
    let reduction = try parameters.reduction()
    let record: [String: JSONValue] = [
      "pos_weight": weights.map { .array($0.map(JSONValue.number)) } ?? nil,
      "reduction": .string(reduction.rawValue),
    ]
    return Loss(multiLabel: "bce_with_logits", parameters: record) { outputs, targets in
      binaryCrossEntropyWithLogits(
        outputs, targets, positiveWeights: parameters.row(weights, like: outputs), reduction: reduction)
    }
  }
}
