import DataUtils
import Engine
import Utils

/// Where an experiment's data come from, and the settings by which they can be changed.
public struct DataPlan: Sendable {
  /// The settings that `load` reads.
  public let settings: [Setting]
  /// Loads the data.
  public let load: @Sendable (DataRequest) throws -> ExperimentData
  /// Blank samples that look like those of the data as far as the settings say: their shape, their classes, how they are
  /// changed; nil where only the data tell.
  public let outline: (@Sendable (Settings) throws -> ExperimentData)?

  /// Data that `load` makes, with settings of their own.
  public init(
    settings: [Setting] = [], outline: (@Sendable (Settings) throws -> ExperimentData)? = nil,
    load: @escaping @Sendable (DataRequest) throws -> ExperimentData
  ) {
    self.settings = settings
    self.outline = outline
    self.load = load
  }

  /// Refuses, before anything is loaded, changes of training images that cannot be made of images of their shape.
  func checkAugmentations(_ settings: Settings) throws {
    guard let blank = try outline?(settings) else { return }
    for augmentation in blank.augmentations { _ = try augmentation.size(of: blank.splits.train.sampleShape) }
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
  /// What is done to training images and to the classes that they show, and then to the images alone, each time they are
  /// drawn.
  public var targetAugmentations: [any TargetAugmentation] = []
  /// The changes of images alone, after those that the settings of the experiment's `AugmentationPlan` ask for.
  public var augmentations: [any Augmentation] = []
  /// What a checkpoint says of them under `config`, beside architecture and network, for who reads it without this workspace.
  public var configuration: [String: JSONValue] = [:]
  /// What was found while they were read, for the record: missing files, broken annotations; nil where nobody looked.
  public var report: JSONValue?
  /// The same in sentences, which a run begins with.
  public var warnings: [String] = []

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
