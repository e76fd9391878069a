import DataUtils
import Engine
import Utils

/// One row of a model's table of experiments: everything that a run of it depends on.
public struct Experiment: Sendable {
  /// Why the experiment exists.
  public enum Purpose: String, Sendable {
    /// Shows what the model can do.
    case strength
    /// Shows what it cannot, and so why the next model was invented.
    case weakness
    /// Asks a question.
    case study
    /// Runs in a moment, to see that all is well.
    case debug
  }

  /// The name that the command line knows.
  public let name: String
  /// Other names for it.
  public let aliases: [String]
  /// Why it exists.
  public let purpose: Purpose
  /// What it shows, in one sentence.
  public let summary: String
  /// Everything that may be changed, with its default: epochs, learning rate, batch size, seed, and the experiment's own.
  public let settings: Settings
  /// How they stand in a configuration file; nil where one has the plain keys.
  public let config: ConfigLayout?
  /// The data.
  public let data: DataPlan
  /// The network.
  public let network: NetworkPlan
  /// The published weights that it begins with: a name that `lab weights` lists; nil for random ones. Its last layer is
  /// always its own. A row with the setting `model.pretrained` takes them only where that is true.
  public let pretrained: @Sendable (Settings) -> String?
  /// How it learns.
  public let training: TrainingPlan
  /// The parts that are measured after every epoch.
  public let measured: [DataSplits.Part]
  /// Whether the network is measured before it learns, as epoch 0.
  public let measuresStart: Bool
  /// After how many epochs the confusion matrix of the validation part is kept, and after the last; nil for never.
  public let confusionEvery: Int?
  /// The metric whose best epoch is kept as `best.safetensors`.
  public let monitor: String
  /// The weights that are judged when training has ended.
  public let judged: JudgedWeights
  /// What is measured of a judged part beside accuracy, F1 and the like.
  public let metrics: [ExtraMetric]
  /// The pictures that `--visualize` draws.
  public let plots: [Plot]
  /// What is trained many times; nil for one run.
  public let study: Study?
  /// What it is expected to reach.
  public let band: Band
  /// What was published, with its source, and how far ours may be compared.
  public let published: String?

  /// A row of the table.
  ///
  /// - Parameters:
  ///   - batchSize: samples a step; nil for all at once.
  ///   - patience: epochs without a better monitored metric that end the training; nil for any number.
  ///   - settings: the experiment's own settings, beside the ones that every experiment has.
  ///   - config: how they stand in a configuration file, where they have groups.
  ///   - augmentation: how training images are changed; nil where nobody can ask for it, as in a table.
  public init(
    _ name: String, aliases: [String] = [], purpose: Purpose, summary: String,
    data: DataPlan, network: NetworkPlan,
    pretrained: @escaping @Sendable (Settings) -> String? = { _ in nil },
    training: TrainingPlan,
    epochs: Int, learningRate: Double, batchSize: Int? = nil, patience: Int? = nil, seed: Int = 42,
    settings: [Setting] = [],
    config: ConfigLayout? = nil, augmentation: AugmentationPlan? = nil,
    measured: [DataSplits.Part] = [], measuresStart: Bool = false, confusionEvery: Int? = nil,
    monitor: String = "train_accuracy", judged: JudgedWeights = .last,
    metrics: [ExtraMetric] = [],
    plots: [Plot], study: Study? = nil, band: Band, published: String? = nil
  ) {
    self.name = name
    self.aliases = aliases
    self.purpose = purpose
    self.summary = summary
    self.config = config
    self.data = data
    self.network = network
    self.pretrained = pretrained
    self.training = training
    self.measured = measured
    self.measuresStart = measuresStart
    self.confusionEvery = confusionEvery
    self.monitor = monitor
    self.judged = judged
    self.metrics = metrics
    self.plots = plots
    self.study = study
    self.band = band
    self.published = published
    self.settings = Settings(
      [
        .whole("epochs", epochs, in: 1...1_000_000, "passes over the training data"),
        .number("learning_rate", learningRate, in: 1e-12...1000, "factor of each weight change"),
        .whole("batch_size", batchSize, in: 1...10_000_000, "samples a step; none takes all at once")
          .orNone(),
        .whole("seed", seed, in: 0...Int.max, "where every random choice begins"),
        .whole("limit", nil, in: 1...1_000_000_000, "rows of each part to use at the most"),
        .whole(
          "patience", patience, in: 1...1_000_000, "epochs without a better \(monitor) that end the training"
        ).orNone(),
        .number("target", nil, in: -1e12...1e12, "\(monitor) that ends the training when it is reached"),
      ] + training.settings(monitor: monitor) + data.settings + (augmentation?.settings ?? []) + settings,
      names: config?.names ?? [])
    for (key, values) in study?.sweep ?? [] {
      let setting = self.settings.all.first { $0.key == key }
      require(values.allSatisfy { setting?.parsed($0) != nil }, "\(name) sweeps \(key) over \(values)")
    }
  }
}
