import Utils

/// How far a gradient may reach before it is shortened.
public enum Clipping: Equatable, Sendable {
  /// All gradients together, by one factor, to this length.
  case norm(Double)
  /// Each entry alone, to this distance from 0.
  case value(Float)
}

/// Gradient descent: forward, loss, backward, update.
public final class GradientRule: TrainingRule {
  private let network: any Layer
  private let loss: Loss
  private let optimizer: any Optimizer
  private let baseRate: Double
  private let schedule: Schedule?
  private let plateau: ReduceOnPlateau?
  private let clipping: Clipping?
  private let batchesPerUpdate: Int
  private let mixing: BatchMixing?
  /// Sees the gradients of every update, as they are before they are clipped.
  public var gradientObserver: ((Gradients, StepPosition) -> Void)?
  /// Whether steps tell predicted against actual classes, of samples that have one each.
  public var countsClasses = false
  /// The mean over the batches since the last update, and how many samples they had.
  private var gathered: (gradients: Gradients, count: Int) = (Gradients(), 0)
  /// Without a trainer who says otherwise: an epoch that never ends.
  private var position = StepPosition(epoch: 1, step: 1, batch: 1, batchCount: .max)

  /// Trains `network` to lower `loss`.
  ///
  /// - Parameters:
  ///   - network: what learns. One that keeps averages of its weights (`Averaged`) brings them up to date
  ///     after each update.
  ///   - loss: what is to become small.
  ///   - optimizer: turns gradients into new weights; its rate is that from which `schedule` and `plateau`
  ///     start.
  ///   - schedule: the learning rate at each epoch or update; nil leaves it to the optimiser.
  ///   - plateau: lowers the rate, the scheduled one too, when a metric stays.
  ///   - clipping: how far gradients may reach.
  ///   - batchesPerUpdate: over how many batches gradients are gathered before the weights change, as if they
  ///     were one large
  ///     batch. What is left at the end of an epoch makes an update of its own.
  ///   - mixing: mixes the samples of each batch in pairs; accuracy then counts the first of a pair.
  public init(
    network: any Layer, loss: Loss, optimizer: any Optimizer, schedule: Schedule? = nil,
    plateau: ReduceOnPlateau? = nil, clipping: Clipping? = nil, batchesPerUpdate: Int = 1,
    mixing: BatchMixing? = nil
  ) {
    require(batchesPerUpdate >= 1, "an update needs a batch, got \(batchesPerUpdate)")
    self.network = network
    self.loss = loss
    self.optimizer = optimizer
    baseRate = Double(optimizer.learningRate)
    self.schedule = schedule
    self.plateau = plateau
    self.clipping = clipping
    self.batchesPerUpdate = batchesPerUpdate
    self.mixing = mixing
  }

  /// No gradients wait for their update.
  public var canPause: Bool { gathered.count == 0 }

  /// Takes over the trainer's place; what an interrupted epoch has gathered is dropped with it.
  public func stepBegins(at position: StepPosition) {
    if position.batch == 1 { gathered = (Gradients(), 0) }
    self.position = position
  }

  /// Forward, loss, backward, and after the last batch of an update the update; throws when the loss is not
  /// finite.
  ///
  /// Auxiliary outputs count with their share; the loss that is reported is that of the network's own outputs.
  public func step(_ batch: Batch) throws -> StepResult {
    var correct = 0
    var confusion: ConfusionMatrix?
    let mixed = mixing.map { mixing in
      var random = RandomStream(seed: nextDrawKey("mixing"))
      return mixing(batch, using: &random)
    }
    var plain: Float = 0
    let (value, gradients) = valueAndGradients {
      let (outputs, auxiliary, share) = outputs(mixed?.inputs ?? batch.inputs)
      correct = rightAnswers(outputs, batch)
      if countsClasses { confusion = Self.confusion(outputs, batch) }
      let losses = ([outputs] + auxiliary).map { mixed?.loss(loss, of: $0) ?? loss($0, batch) }
      plain = losses[0].scalar
      return losses.dropFirst().reduce(losses[0]) { $0 + share * $1 }
    }
    guard value.scalar.isFinite else {
      throw notFinite("the loss became \(value.scalar.isNaN ? "NaN" : "infinite")", gradients, batch)
    }
    gather(gradients, of: batch.count)
    if position.batch % batchesPerUpdate == 0 || position.endsEpoch { try update(batch) }
    position = position.next
    return StepResult(
      count: batch.count,
      means: [
        Metric("loss", Double(plain)),
        Metric("accuracy", Double(correct) / Double(max(batch.count, 1))),
      ], confusion: confusion)
  }

  /// Predicted against actual classes; nil where samples have any number of classes.
  private static func confusion(_ outputs: Tensor, _ batch: Batch) -> ConfusionMatrix? {
    guard batch.targets == nil else { return nil }
    var confusion = ConfusionMatrix(classes: max(outputs.shape[1], 2))
    confusion.add(predicted: predictedClasses(outputs), actual: batch.labels.elements)
    return confusion
  }

  private func outputs(_ x: Tensor) -> (logits: Tensor, auxiliary: [Tensor], share: Float) {
    guard let network = network as? any HasAuxiliaryOutputs else { return (network(x), [], 0) }
    let (logits, auxiliary) = network.outputs(x)
    return (logits, auxiliary, network.auxiliaryShare)
  }

  private func gather(_ gradients: consuming Gradients, of count: Int) {
    gathered.count += count
    guard gathered.count > count else { return gathered.gradients = gradients }
    gathered.gradients.blend(with: gradients, share: Float(count) / Float(gathered.count))
  }

  private func update(_ batch: Batch) throws {
    var gradients = gathered.gradients
    gathered = (Gradients(), 0)
    gradientObserver?(gradients, position)
    switch clipping {
    case .norm(let limit):
      let norm = gradients.clip(toNorm: limit)
      guard norm.isFinite else {
        throw notFinite("the gradient's norm became \(norm.isNaN ? "NaN" : "infinite")", gradients, batch)
      }
    case .value(let limit):
      try check(gradients, batch)
      gradients.clip(toValue: limit)
    case nil: try check(gradients, batch)
    }
    optimizer.learningRate = Float(rate)
    optimizer.update(with: gradients)
    (network as? any FollowsWeights)?.weightsChanged(at: position)
  }

  private func check(_ gradients: Gradients, _ batch: Batch) throws {
    guard gradients.looksFinite else { throw notFinite("the loss is finite", gradients, batch) }
  }

  /// The learning rate of the update under way.
  private var rate: Double {
    var rate = baseRate
    if let schedule {
      let updatesPerEpoch = (position.batchCount - 1) / batchesPerUpdate + 1
      let updates = (position.epoch - 1) * updatesPerEpoch + (position.batch - 1) / batchesPerUpdate
      rate = schedule.rate(at: schedule.unit == .epoch ? position.epoch - 1 : updates, from: rate)
    }
    return plateau?.reduced(rate) ?? rate
  }

  /// Goes on; the plateau takes note of the epoch.
  public func verdict(after epoch: EpochReport) throws -> Verdict {
    try plateau?.epochEnded(epoch)
    return .goOn
  }

  /// The optimiser's state, and the plateau's.
  public func state() -> [(name: String, buffer: Buffer)] {
    optimizer.state() + (plateau?.state().map { ("plateau.\($0.name)", $0.buffer) } ?? [])
  }

  /// Names what is to blame, the nearest to the cause first: the data, a weight, a gradient.
  private func notFinite(_ what: String, _ gradients: Gradients, _ batch: Batch) -> LabError {
    guard batch.inputs.isFinite else {
      return LabError(
        .training, "\(what) because the batch holds a number that is not finite",
        remedy: "look for empty or damaged values in the data")
    }
    let parameters = network.parameters()
    let weight = parameters.first { !$0.parameter.value.isFinite }?.name
    let gradient = parameters.first { gradients[$0.parameter]?.isFinite == false }?.name
    let culprit = weight.map { " and \($0)" } ?? gradient.map { " and the gradient of \($0)" }
    return LabError(
      .training, what + (culprit.map { $0 + " is no longer finite" } ?? ""),
      remedy: "lower the learning rate and start again from the last checkpoint with --load-checkpoint")
  }
}
