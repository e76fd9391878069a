import CaptionData
import Foundation
import Utils

/// What a package's `train` is told by the flags of `lab captions train`.
struct CaptionTrainArguments {
  /// The file in which `pretrain` leaves its backbone.
  static let backbone = "caption_backbone.safetensors"
  /// The project in which runs are kept where nobody names another.
  static let project = "caption-boundary-detection"

  /// The words for what was typed, and no others.
  let given: [String]

  /// Those of `command`; throws a `LabError` for a wrong configuration of the network.
  init(_ command: CaptionTrainCommand) throws {
    var settings: [String: JSONValue] = [:]
    if let modelConfig = command.modelConfig {
      _ = try CaptionConfiguration(text: modelConfig, source: "--model-config")
      let given = try JSONValue(parsing: Array(modelConfig.utf8)).object ?? [:]
      settings.merge(given.filter { $0.key != "num_classes" }) { $1 }
    }
    if let rank = command.rank { settings["lora_rank"] = .integer(Int64(rank)) }
    func flag(_ name: String, _ value: (some CustomStringConvertible)?) -> [String] {
      value.map { ["--\(name)", "\($0)"] } ?? []
    }
    func word(_ key: String, _ value: (some CustomStringConvertible)?) -> [String] {
      value.map { ["\(key)=\($0)"] } ?? []
    }
    let flags =
      flag("epochs", command.epochs) + flag("batch-size", command.batchSize)
      + flag("learning-rate", command.featureRate) + flag("seed", command.seed)
      + flag("threads", command.threads) + flag("device", command.device)
      + (command.pretrained.map { ["--pretrained", $0, "--new-head"] } ?? [])
      + (command.noPretrained ? ["--no-pretrained"] : []) + (command.noWandb ? ["--no-wandb"] : [])
      + flag("wandb-project", command.wandbProject)
    let words =
      word("ocr_viz", command.visualization) + word("transform", command.transform)
      + word("lr_classifier", command.classifierRate) + word("max_samples", command.maxSamples)
      + word("sampling", command.isBalanced.map { $0 ? "balanced" : "shuffled" })
      + word("sampling_ratio", command.samplingRatio) + word("augmentation", command.augmentation)
      + settings.sorted { $0.key < $1.key }.flatMap { word($0.key, $0.value.string ?? $0.value.text()) }
    given = flags + words + command.words
  }

  /// The words that begin a training on the data set at `url` whose runs lie in `home`: what was typed, and the published
  /// defaults for the rest.
  func beginning(
    _ command: CaptionTrainCommand, on url: URL, in home: URL, named name: String
  ) -> (words: [String], notice: String?) {
    var defaults = [
      "--experiment", "captions", "--output-dir", home.path, "--checkpoint-every", "5epochs",
      "--keep-checkpoints", "1000", "--tags", name, "--visualize",
    ]
    var notice: String?
    if command.pretrained == nil, !command.noPretrained {
      if FileManager.default.fileExists(atPath: Self.backbone) {
        defaults += ["--pretrained", Self.backbone, "--new-head"]
      } else {
        notice =
          "it begins with random weights: there is no \(Self.backbone) here, which lab captions pretrain makes, and no "
          + "--pretrained"
      }
    }
    let words = ["dataset=\(url.standardizedFileURL.path)"] + published(command)
    return (defaults + project(command) + words + given, notice)
  }

  /// The published numbers of what nobody has typed, whatever the rows of the package have.
  private func published(_ command: CaptionTrainCommand) -> [String] {
    let typed = Set(command.words.compactMap { $0.split(separator: "=").first.map(String.init) })
    let numbers = [
      ("epochs", "50", command.epochs == nil), ("batch_size", "32", command.batchSize == nil),
      ("learning_rate", "0.001", command.featureRate == nil), ("lr_classifier", "0.01", true),
      ("height", "48", true), ("width", "480", true), ("transform", FitStrategy.mirrorTile.rawValue, true),
      ("ocr_viz", OCRVariant.boundaries.rawValue, true), ("sampling", "balanced", true),
      ("sampling_ratio", "3", true), ("augmentation", "none", true), ("patience", "5", true),
    ]
    // Of a word that is given twice the later counts; a flag and a word of one meaning contradict each other.
    return numbers.filter { $0.2 && !typed.contains($0.0) }.map { "\($0.0)=\($0.1)" }
  }

  /// The words that go on with the interrupted run in `home`.
  func continuation(_ command: CaptionTrainCommand, in home: URL) -> [String] {
    [
      "--resume", "auto", "--experiment", "captions", "--output-dir", home.path, "--checkpoint-every",
      "5epochs", "--keep-checkpoints", "1000", "--visualize",
    ] + project(command) + given
  }

  private func project(_ command: CaptionTrainCommand) -> [String] {
    command.wandbProject == nil && !command.noWandb
      ? ["--wandb-project", Self.project(of: command)] : []
  }

  /// The W&B project of a training.
  static func project(of command: CaptionTrainCommand) -> String {
    command.wandbProject ?? ProcessInfo.processInfo.environment["WANDB_PROJECT"] ?? project
  }
}
