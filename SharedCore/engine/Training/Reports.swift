/// A number with its name, as it is shown and stored: `train_loss`, `val_accuracy`, `test_f1_macro`.
public struct Metric: Equatable, Sendable {
  /// The name.
  public let name: String
  /// The value.
  public let value: Double
  /// It is one of many, stored but not told after every epoch.
  public let isDetail: Bool

  /// A value with its name.
  public init(_ name: String, _ value: Double, isDetail: Bool = false) {
    self.name = name
    self.value = value
    self.isDetail = isDetail
  }

  /// The same with `prefix` before its name.
  public func named(prefix: String) -> Metric { Metric(prefix + name, value, isDetail: isDetail) }
}

extension [Metric] {
  /// The value of the metric called `name`.
  public subscript(name: String) -> Double? { first { $0.name == name }?.value }
}

/// What one training step did.
public struct StepResult: Sendable {
  /// How many samples it saw.
  public let count: Int
  /// Means over these samples: loss, accuracy.
  public let means: [Metric]
  /// Counts over these samples: mistakes.
  public let sums: [Metric]
  /// Predicted against actual classes of these samples, where F1 is asked for.
  public let confusion: ConfusionMatrix?

  /// A step over `count` samples.
  public init(count: Int, means: [Metric] = [], sums: [Metric] = [], confusion: ConfusionMatrix? = nil) {
    self.count = count
    self.means = means
    self.sums = sums
    self.confusion = confusion
  }
}

/// A training that begins.
public struct FitBeginning: Sendable {
  /// Epochs that will run at the most, and the one with which it begins.
  public let epochs, firstEpoch: Int
  /// Samples and batches of an epoch.
  public let sampleCount, batchCount: Int
}

/// A step that begins.
public struct StepPosition: Equatable, Sendable {
  /// Epoch, and steps since training began, both from 1.
  public let epoch, step: Int
  /// Which batch of the epoch this is, from 1, and of how many.
  public let batch, batchCount: Int

  /// A place in a training.
  public init(epoch: Int, step: Int, batch: Int, batchCount: Int) {
    self.epoch = epoch
    self.step = step
    self.batch = batch
    self.batchCount = batchCount
  }

  /// No batch of the epoch comes after this one.
  public var endsEpoch: Bool { batch == batchCount }

  /// The next step of the same epoch.
  var next: StepPosition {
    StepPosition(epoch: epoch, step: step + 1, batch: batch + 1, batchCount: batchCount)
  }
}

/// A step that has ended.
public struct StepReport: Sendable {
  /// Which it was.
  public let position: StepPosition
  /// What it did.
  public let result: StepResult
  /// How far training has come with it.
  public let place: TrainingPosition

  /// The epoch, from 1.
  public var epoch: Int { position.epoch }
  /// Steps since training began, this one among them.
  public var step: Int { position.step }
  /// Which batch of the epoch this was, from 1.
  public var batch: Int { position.batch }
  /// How many batches the epoch has.
  public var batchCount: Int { position.batchCount }
}

/// An epoch that has ended.
public struct EpochReport: Sendable {
  /// Epochs and steps so far.
  public let epoch, step: Int
  /// Weighted by example count: `train_loss`, `val_accuracy`, ...
  public let metrics: [Metric]
  /// Wall-clock time of the training steps alone, and of all since training began.
  public let seconds, totalSeconds: Double

  /// An epoch as given.
  public init(epoch: Int, step: Int, metrics: [Metric], seconds: Double, totalSeconds: Double) {
    (self.epoch, self.step, self.metrics) = (epoch, step, metrics)
    (self.seconds, self.totalSeconds) = (seconds, totalSeconds)
  }
}

/// A training that has ended.
public struct FitReport: Sendable {
  /// How far it came, what was before a resumption included.
  public let position: TrainingPosition
  /// Why it ended: "12 epochs were asked for", "no mistake in epoch 3".
  public let reason: String
  /// The rule stopped because it had learnt all there was.
  public let converged: Bool
  /// Every epoch: those of this process, and those before where they were handed over.
  public private(set) var history: [EpochReport]
  /// Wall-clock time of the whole.
  public let seconds: Double

  /// The same with the epochs of earlier processes before its own.
  public func after(_ earlier: [EpochReport]) -> FitReport {
    var whole = self
    whole.history = earlier + history
    return whole
  }

  /// Whole epochs.
  public var epochs: Int { position.epochs }
  /// All steps.
  public var steps: Int { position.steps }

  /// The wall-clock time of an epoch's training steps, the median of all epochs; epoch 0, the start, has none.
  public var medianEpochSeconds: Double {
    let sorted = history.filter { $0.epoch > 0 }.map(\.seconds).sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
  }
}

/// Whether training goes on.
public enum Verdict: Equatable, Sendable {
  case goOn
  /// Stop, and why; `converged` when there is nothing left to learn.
  case stop(reason: String, converged: Bool = false)
}
