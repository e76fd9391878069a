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
  /// The data.
  public let data: @Sendable (DataRequest) throws -> ExperimentData
  /// The network.
  public let network: NetworkPlan
  /// How it learns.
  public let training: TrainingPlan
  /// The parts that are measured after every epoch.
  public let measured: [DataSplits.Part]
  /// The metric whose best epoch is kept as `best.safetensors`.
  public let monitor: String
  /// The pictures that `--visualize` draws.
  public let plots: [Plot]
  /// What it is expected to reach.
  public let band: Band
  /// What was published, with its source, and how far ours may be compared.
  public let published: String?

  /// A row of the table.
  ///
  /// - Parameters:
  ///   - batchSize: samples a step; nil for all at once.
  ///   - settings: the experiment's own settings, beside the ones that every experiment has.
  public init(
    _ name: String, aliases: [String] = [], purpose: Purpose, summary: String,
    data: @escaping @Sendable (DataRequest) throws -> ExperimentData, network: NetworkPlan,
    training: TrainingPlan,
    epochs: Int, learningRate: Double, batchSize: Int? = nil, seed: Int = 42, settings: [Setting] = [],
    measured: [DataSplits.Part] = [], monitor: String = "train_accuracy", plots: [Plot], band: Band,
    published: String? = nil
  ) {
    self.name = name
    self.aliases = aliases
    self.purpose = purpose
    self.summary = summary
    self.data = data
    self.network = network
    self.training = training
    self.measured = measured
    self.monitor = monitor
    self.plots = plots
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
          "patience", nil, in: 1...1_000_000, "epochs without a better \(monitor) that end the training"),
      ] + training.settings(monitor: monitor) + settings)
  }
}

/// What an experiment's data are made from.
public struct DataRequest: Sendable {
  /// The merged settings.
  public let settings: Settings
  /// Where downloaded data sets lie.
  public let folder: DataFolder

  /// The seed of every random choice.
  public var seed: UInt64 { UInt64(settings.count("seed")) }
}

/// An experiment's data: the parts as they were published, and how a sample is prepared before the network sees it.
public struct ExperimentData: Sendable {
  /// The parts.
  public var splits: DataSplits
  /// What is done to every sample, fitted on the training part alone.
  public var preprocessing: Preprocessing

  /// Parts and how their samples are prepared.
  public init(_ splits: DataSplits, _ preprocessing: Preprocessing = .none) {
    self.splits = splits
    self.preprocessing = preprocessing
  }

  /// How many classes there are.
  public var classes: Int { splits.train.classNames.count }

  /// How many numbers a sample has.
  public var inputs: Int { splits.train.sampleShape.elementCount }
}

/// Which network an experiment trains: the name of an architecture and its configuration.
///
/// Training builds the network through the same two that a checkpoint keeps, so a checkpoint can always be rebuilt.
public struct NetworkPlan: Sendable {
  /// A name in the model's `architectures`.
  public let architecture: String
  /// The configuration for some data: numbers of inputs, classes, hidden units.
  public let configuration: @Sendable (Settings, ExperimentData) -> JSONValue

  /// The architecture called `architecture`, configured for the data.
  public init(
    _ architecture: String, configuration: @escaping @Sendable (Settings, ExperimentData) -> JSONValue
  ) {
    self.architecture = architecture
    self.configuration = configuration
  }
}

/// How an experiment learns.
public enum TrainingPlan: Sendable {
  /// Gradient descent on a loss with an optimiser, and what else an update does unless settings change it.
  case gradient(
    Loss, GradientOptions = GradientOptions(), @Sendable (any Layer, Settings) -> any Optimizer)
  /// A rule of the model's own. Throws when the network is none that it knows.
  case rule(name: String, @Sendable (any Layer, Settings) throws -> any TrainingRule)

  /// Stochastic gradient descent on `loss`, with the settings `learning_rate`, and a momentum.
  public static func sgd(
    _ loss: Loss, momentum: Float = 0, options: GradientOptions = GradientOptions()
  ) -> TrainingPlan {
    .gradient(loss, options) { network, settings in
      SGD(network.parameters(), learningRate: Float(settings.double("learning_rate")), momentum: momentum)
    }
  }

  /// The loss, where there is one.
  var loss: Loss? { if case .gradient(let loss, _, _) = self { loss } else { nil } }

  /// Its name in the record.
  var name: String {
    switch self {
    case .gradient(let loss, _, _): "gradient descent on \(loss.name)"
    case .rule(let name, _): name
    }
  }

  /// The settings that this way of learning has beside the common ones.
  fileprivate func settings(monitor: String) -> [Setting] {
    if case .gradient(_, let options, _) = self { options.settings(monitor: monitor) } else { [] }
  }

  func rule(for network: any Layer, _ settings: Settings, monitor: String) throws -> any TrainingRule {
    switch self {
    case .gradient(let loss, _, let optimizer):
      try GradientPlan(settings: settings, monitor: monitor).rule(
        network, loss, optimizer(network, settings))
    case .rule(_, let make): try make(network, settings)
    }
  }
}
