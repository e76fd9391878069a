import DataUtils
import Engine
import Foundation
import Plotting

extension Experiment {
  /// A kind of picture that belongs to an experiment: its name, and what draws it.
  ///
  /// A model brings a picture of its own as a static member in an extension of this type, and its rows name it.
  public struct Plot: Sendable, Hashable {
    /// The name of its first figure's files, and what `--experiment-info` shows.
    public let name: String
    /// The figures for a network in a context; none where it has nothing to show.
    public let figures: @Sendable (PictureContext) throws -> [NamedFigure]

    /// A picture called `name`; its first figure has the same name, and any other one a name that begins with it.
    public init(_ name: String, _ figures: @escaping @Sendable (PictureContext) throws -> [NamedFigure]) {
      self.name = name
      self.figures = figures
    }

    /// Whether both have one name.
    public static func == (a: Plot, b: Plot) -> Bool { a.name == b.name }

    /// Feeds the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// Writes its figures into `folder`; the files.
    func write(_ context: PictureContext, to folder: URL) throws -> [URL] {
      try figures(context).flatMap { try $0.write(to: folder) }
    }
  }
}

/// What a picture may show: a network, what it learnt from, how it did, and how it came there.
public struct PictureContext {
  /// The row of the table.
  public let experiment: Experiment
  /// The merged settings.
  public let settings: Settings
  /// The data, and how a sample is prepared before the network sees it.
  public let data: ExperimentData
  /// The trained network.
  public let network: any Layer
  /// A report an epoch; empty in `evaluate`, which does not know how the network came about.
  public let history: [EpochReport]
  /// The part that the network was judged on.
  public let part: DataSplits.Part
  /// What it made of that part's samples.
  public let evaluation: Evaluation
  /// The loss that was lowered, where there was one.
  public let loss: Loss?

  /// A context for the figures of one network.
  ///
  /// - Parameter loss: the loss that was lowered; the experiment's when nil.
  public init(
    experiment: Experiment, settings: Settings, data: ExperimentData, network: any Layer,
    history: [EpochReport] = [], part: DataSplits.Part, evaluation: Evaluation,
    loss: Loss? = nil
  ) {
    self.experiment = experiment
    self.settings = settings
    self.data = data
    self.network = network
    self.history = history
    self.part = part
    self.evaluation = evaluation
    let counts = data.splits.train.counts
    self.loss =
      loss
      ?? (try? experiment.training.loss(settings, for: LossData(training: counts) { counts }))
      ?? nil
  }

  /// The seed of every random choice of the run.
  public var seed: UInt64 { UInt64(settings.count("seed")) }

  /// The names of the classes.
  public var classNames: [String] { data.splits.train.classNames }

  /// The samples that the network was judged on; throws a `LabError` where the data have no such part.
  public func samples() throws -> Dataset { try data.splits.part(part) }

  /// Samples as the network sees them: [N, ...], prepared as in training.
  public func inputs(_ samples: Dataset) throws -> Tensor {
    try samples.inputs(data.preprocessing)
  }

  init(_ plan: RunPlan, _ network: any Layer, history: [EpochReport] = [], _ judgement: Judgement) {
    self.init(
      experiment: plan.experiment, settings: plan.settings, data: plan.data, network: network,
      history: history, part: judgement.part, evaluation: judgement.evaluation, loss: plan.loss)
  }
}
