import DataUtils
import Engine
import Foundation
import Logging
import Utils
import Weights

/// The published weights that a run begins with, and what its checkpoints say of them.
struct Pretraining {
  let weights: PretrainedWeights
  /// SHA-256 of their file.
  let sha256: String
  /// What was asked for: a name, an address or a path.
  let source: String

  /// What `--pretrained`, `--no-pretrained`, `--new-head` and the experiment ask for; nil for random weights.
  ///
  /// A run that goes on, or begins with a checkpoint, needs none. Only what a flag names is downloaded.
  init?(_ options: TrainOptions, _ experiment: Experiment, _ settings: Settings, _ logger: Logger) throws {
    guard let source = try options.pretrained ?? Self.own(options, experiment, settings) else { return nil }
    self.source = source
    let file = try WeightsFolder().file(for: source, mayDownload: options.pretrained != nil) {
      logger.info("\($0)")
    } check: {
      _ = try WeightsFile.read($0)
    }
    weights = try PretrainedWeights(
      contentsOf: file, newHead: options.newHead || options.pretrained == nil)
    sha256 = try SHA256.hex(ofFileAt: weights.file.url)
  }

  /// The weights that the experiment itself asks for; throws where a setting asks for weights that nobody has published.
  private static func own(
    _ options: TrainOptions, _ experiment: Experiment, _ settings: Settings
  ) throws -> String? {
    guard !options.noPretrained else { return nil }
    let published = experiment.pretrained(settings)
    guard settings.has("model.pretrained") else { return published }
    guard settings.bool("model.pretrained") else { return nil }
    guard let published else {
      throw LabError(
        .config,
        "model.pretrained is true, and no published weights are known for \(experiment.network.architecture(settings)) of this size",
        remedy:
          "name weights with --pretrained, or choose another network (lab weights list shows the known ones)"
      )
    }
    return published
  }

  /// Refuses flags that contradict each other.
  static func check(_ options: TrainOptions, _ experiment: Experiment, _ settings: Settings) throws {
    func exclude(_ one: String, _ other: String, _ remedy: String) -> LabError {
      LabError(.usage, "\(one) and \(other) exclude each other", remedy: remedy)
    }
    let givesWeights = options.pretrained != nil
    if givesWeights, options.noPretrained {
      throw exclude("--pretrained", "--no-pretrained", "give one of them")
    }
    if givesWeights, options.resume != nil {
      throw exclude("--pretrained", "--resume", "give --resume alone: the checkpoint holds the weights")
    }
    if givesWeights, options.loadCheckpoint != nil {
      throw exclude("--pretrained", "--load-checkpoint", "give the one whose weights shall be the first")
    }
    let source = options.noPretrained ? nil : options.pretrained ?? experiment.pretrained(settings)
    guard !options.newHead || source != nil else {
      throw LabError(
        .usage, "--new-head speaks of pretrained weights, and there are none",
        remedy: "give --pretrained, too")
    }
  }

  /// What determines the result: which bytes, and whether the last layer was taken from them.
  var json: JSONValue { ["sha256": .string(sha256), "new_head": .bool(weights.newHead)] }

  /// What is told of them.
  var description: String {
    "\(hidingPasswords(source)), \(weights.file.format.rawValue), \(weights.file.tensors.count) tensors"
      + (weights.newHead ? ", with a last layer of its own" : "")
  }
}
