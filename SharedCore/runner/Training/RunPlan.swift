import DataUtils
import Engine
import Utils
import Weights

/// An experiment with its settings merged and its data loaded: what training and evaluation have in common.
struct RunPlan {
  let catalog: ModelCatalog
  let experiment: Experiment
  let settings: Settings
  var data: ExperimentData
  let prefetch: Int?
  /// What is done to training images each time they are drawn, and to no others.
  let augmentations: [any Augmentation]
  /// The loss that is lowered, where there is one.
  private(set) var loss: Loss?

  /// Loads the data; the settings are final.
  init(
    _ catalog: ModelCatalog, _ experiment: Experiment, _ settings: Settings, folder: DataFolder,
    prefetch: Int?
  ) throws {
    self.catalog = catalog
    self.experiment = experiment
    self.settings = settings
    self.prefetch = prefetch ?? Self.workers(settings)
    var data = try experiment.data.load(DataRequest(settings: settings, folder: folder))
    if let limit = settings.int("limit") {
      let seed = UInt64(settings.count("seed"))
      data.splits = data.splits.mapParts { part in
        guard part.count > limit else { return part }
        var random = RandomStream(seed: seed, purpose: "limit")
        return part.subset(random.permutation(of: part.count).prefix(limit).sorted())
      }
    }
    self.data = data
    augmentations = try AugmentationPlan.augmentations(from: settings, for: data) + data.augmentations
    loss = try experiment.training.loss(settings, for: lossData())
    if data.splits.train.targets != nil, let loss, !loss.isMultiLabel {
      throw LabError(
        .config,
        "\(loss.name) wants one class a sample, and those of \(data.splits.train.name) have any number",
        remedy: "choose loss.type=focal_loss or bce_with_logits")
    }
  }

  /// The threads that a configuration file asks for; nil leaves their number to the loader.
  private static func workers(_ settings: Settings) -> Int? {
    guard settings.has("data.num_workers") else { return nil }
    let count = settings.count("data.num_workers")
    return count > 0 ? count : nil
  }

  var seed: UInt64 { UInt64(settings.count("seed")) }

  /// The classes of an epoch and of its first batch.
  private func lossData() -> LossData {
    let (loader, classes) = (trainingLoader(), data.classes)
    let training = data.splits.train.counts(seenBy: sampling)
    return LossData(training: training) {
      var batches = loader.batches(epoch: 1)
      return try batches.next().map { ClassCounts(of: $0, classes: classes) } ?? training
    }
  }

  /// What judges a network on a part.
  var evaluator: Evaluator {
    Evaluator(
      classNames: data.splits.train.classNames, loss: loss,
      threshold: settings.has("threshold") ? settings.double("threshold") : 0.5)
  }

  /// The metric that decides which epoch is the best, and when to stop.
  var monitor: String {
    settings.has("monitor") ? "val_\(settings.string("monitor"))" : experiment.monitor
  }

  /// Whether epochs are compared by F1.
  var countsF1: Bool { monitor.hasSuffix("f1_macro") }

  /// The name of the network's architecture.
  var architecture: String { experiment.network.architecture(settings) }

  /// The configuration of the network for these data.
  var configuration: JSONValue { experiment.network.configuration(settings, data) }

  /// A new network, its weights drawn from the seed or published ones; one that averages them where the settings ask for
  /// it.
  func network(beginningWith weights: PretrainedWeights? = nil) throws -> any Layer {
    let bare = try bareNetwork()
    try weights?.load(into: bare)
    return try averaging(bare, as: settings.json)
  }

  /// A new network as its architecture builds it.
  func bareNetwork() throws -> any Layer {
    var random = RandomStream(seed: seed, purpose: "weights")
    return try catalog.network(
      architecture, configuration, source: experiment.name, using: &random)
  }

  /// The training part in batches, in a new order each epoch, its images changed as the settings say.
  func trainingLoader() -> Loader {
    Loader(
      data.splits.train, batchSize: settings.int("batch_size"), shuffleSeed: seed,
      sampling: sampling, targetAugmentations: data.targetAugmentations,
      transforms: augmentations.map { $0.transform }, preprocessing: data.preprocessing,
      prefetchThreads: prefetch
    )
  }

  /// Steps from one record of a step's metrics to the next; nil for a rhythm that suits the epoch.
  var logInterval: Int? { settings.has("log_interval") ? settings.int("log_interval") : nil }

  private var sampling: Sampling? {
    guard settings.has("sampling"), let choice = SamplingChoice(rawValue: settings.string("sampling")) else {
      return nil
    }
    return choice.sampling(of: data.splits.train, settings)
  }

  /// A part in its own order, for measuring.
  func loader(for part: DataSplits.Part) throws -> Loader {
    Loader(
      try data.splits.part(part), batchSize: 200, preprocessing: data.preprocessing,
      prefetchThreads: prefetch)
  }

  /// The parts that are measured after every epoch.
  var measuredParts: [DataSplits.Part] {
    experiment.measured.isEmpty && data.splits.val != nil ? [.val] : experiment.measured
  }

  /// The parts that a finished run is judged on: each once, though `train` and `all` may be the same samples.
  var judgedParts: [DataSplits.Part] {
    data.splits.parts == [.train, .all]
      ? [.all] : data.splits.parts.filter { $0 != .all || experiment.band.part == .all }
  }
}
