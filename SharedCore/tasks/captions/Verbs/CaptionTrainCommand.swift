import ArgumentParser
import CaptionData
import Foundation
import Runner
import Utils

/// `lab captions train DATASET`: trains one of the networks through the `train` of its package.
struct CaptionTrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a caption network on a data set of pairs.",
    discussion: """
      Beside the run's folder its checkpoints lie as best, checkpoint_epoch_N (every fifth epoch) and final in \
      FOLDER/NAME/checkpoints; the data set's table of experiments has a row of it from its first step on. A training that \
      was interrupted goes on with the same words and --resume. Further key=value words go to the package's train as they \
      are: patience=8, weight_decay=0.05, use_font_embedding=false; its --experiment-info captions lists them.

      With --experiment NAME and no data set a row of the package's own table is trained.
      """)

  @Argument(help: ArgumentHelp("The data set: a file, or a name in datasets.", valueName: "dataset"))
  var dataset: String?
  @Argument(help: ArgumentHelp("Settings to change.", valueName: "key=value"))
  var words: [String] = []
  @Option(name: .shortAndLong, help: "What the experiment is called; needed with a data set.")
  var name: String?
  @Option(help: "A row of the package's own table instead of a data set.")
  var experiment: String?
  @Option(
    name: .shortAndLong,
    help: "The network (default: triple_backbone_resnet50); list-models shows them.")
  var architecture: String?
  @Option(
    help: ArgumentHelp(
      "ResNet-50's weights to begin with: a file, an address or a name of lab weights (default: caption_backbone.safetensors, "
        + "where pretrain has left it here).", valueName: "source"))
  var pretrained: String?
  @Flag(name: .customLong("no-pretrained"), help: "Begin with random weights.")
  var noPretrained = false
  @Option(name: .shortAndLong, help: "Passes over the data (default: 50).")
  var epochs: Int?
  @Option(name: [.customShort("b"), .customLong("batch-size")], help: "Pairs a step (default: 32).")
  var batchSize: Int?
  @Option(
    name: .customLong("lr-features"),
    help: "Learning rate of the backbone or its adapters (default: 0.001).")
  var featureRate: Double?
  @Option(name: .customLong("lr-classifier"), help: "Learning rate of everything else (default: 0.01).")
  var classifierRate: Double?
  @Option(help: "How pictures reach their width: crop, mirror_tile or adaptive (default: mirror_tile).")
  var transform: String?
  @Option(
    name: .customLong("ocr-viz"),
    help: "How boxes are drawn: boundaries, centers, both or 3d_channels (default: boundaries).")
  var visualization: String?
  @Option(help: "How training frames are changed (default: none); list-augmentations shows the names.")
  var augmentation: String?
  @Option(name: .customLong("lora-rank"), help: "Directions of an adapter (default: 16).")
  var rank: Int?
  @Option(
    name: .customLong("model-config"),
    help: ArgumentHelp(
      "What the network is built from, such as '{\"lora_rank\": 8, \"dropout\": 0.2}'.", valueName: "json"))
  var modelConfig: String?
  @Flag(
    name: .customLong("balanced-sampling"), inversion: .prefixedNo,
    help: "Cap the pairs of frequent labels in an epoch (default: --balanced-sampling).")
  var isBalanced: Bool?
  @Option(name: .customLong("max-samples"), help: "Pairs of a label an epoch (default: as the ratio says).")
  var maxSamples: Int?
  @Option(
    name: .customLong("sampling-ratio"),
    help: "How many times the rarest label, without --max-samples (default: 3).")
  var samplingRatio: Double?
  @Option(help: "Where to compute: auto or cpu.")
  var device: String = "auto"
  @Option(
    name: .customLong("wandb-project"),
    help: "The W&B project (default: $WANDB_PROJECT, else caption-boundary-detection).")
  var wandbProject: String?
  @Flag(name: .customLong("no-wandb"), help: "Write no record for Weights & Biases.")
  var noWandb = false
  @Option(help: "Where every random choice begins (default: 42).")
  var seed: Int?
  @Option(help: "Threads (default: every core).")
  var threads: Int?
  @Option(
    name: .customLong("checkpoint-dir"), help: ArgumentHelp("Where checkpoints lie.", valueName: "folder"))
  var folder: String = "checkpoints"
  @Flag(help: "Go on with the training of this name that was interrupted.")
  var resume = false

  func run() throws {
    guard ["auto", "cpu"].contains(device) else {
      throw LabError(
        .device, "--device \(device): this workspace computes on the processor", remedy: "give auto or cpu")
    }
    if let augmentation { _ = try CaptionAugmentationRegistry.captions.get(augmentation) }
    if let experiment { return try train(experiment) }
    guard let dataset, let name else {
      throw LabError(
        .usage, dataset == nil ? "no data set is named" : "the experiment has no name",
        remedy: "write lab captions train DATASET --name NAME; create-dataset makes a data set")
    }
    let isName = !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && name.utf8.count <= 200
    guard isName else {
      throw LabError(
        .usage, "an experiment cannot be called \(name.quoted)", remedy: "choose a name for a folder")
    }
    let home = URL(filePath: folder, directoryHint: .isDirectory).appending(path: name)
    try CaptionTraining(of: try CaptionDataset(place(dataset)), name: name, in: home, command: self).run()
  }

  /// Trains a row of the table of a package.
  private func train(_ experiment: String) throws {
    guard name == nil, !resume, dataset.map({ $0.contains("=") }) ?? true else {
      throw LabError(
        .usage, "--experiment is for the package's own table, --name and --resume are for a data set",
        remedy: "leave one of them out; dataset=FILE names a data set for --experiment captions")
    }
    let catalog = try ModelCatalog.captions(of: architecture ?? CaptionArchitectureRegistry.first)
    let code = Runner.train(
      catalog,
      ["--experiment", experiment] + (try CaptionTrainArguments(self).given) + (dataset.map { [$0] } ?? []))
    guard code == 0 else { throw ExitCode(code) }
  }

  private func place(_ dataset: String) -> URL {
    let named = URL(filePath: "datasets/\(dataset).db")
    let isFile = FileManager.default.fileExists(atPath: dataset)
    return !isFile && FileManager.default.fileExists(atPath: named.path) ? named : URL(filePath: dataset)
  }
}

extension Registry<CaptionArchitecture> {
  /// The network that is trained where nobody names another.
  static let first = "triple_backbone_resnet50"
}
