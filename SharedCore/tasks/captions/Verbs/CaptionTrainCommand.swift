import ArgumentParser
import CaptionData
import Engine
import Foundation
import Runner
import Tracking
import Utils

/// `lab captions train DATASET`: trains one of the networks through the `train` of its package.
struct CaptionTrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a caption network on a data set of pairs.",
    discussion: """
      Beside the run's folder its checkpoints lie as best, checkpoint_epoch_N (every fifth epoch) and final in \
      FOLDER/NAME/checkpoints; the data set's table of experiments has a row of it. Further key=value words go to the \
      package's train as they are.
      """)

  @Argument(help: ArgumentHelp("The data set: a file, or a name in datasets.", valueName: "dataset"))
  var dataset: String
  @Argument(help: ArgumentHelp("Settings to change.", valueName: "key=value"))
  var words: [String] = []
  @Option(name: .shortAndLong, help: "What the experiment is called.")
  var name: String
  @Option(name: .shortAndLong, help: "The network; list-models shows them.")
  var architecture: String = "triple_backbone_resnet50"
  @Option(help: ArgumentHelp("ResNet-50's weights to begin with.", valueName: "source"))
  var pretrained: String?
  @Option(name: .shortAndLong, help: "Passes over the data.")
  var epochs: Int = 50
  @Option(name: [.customShort("b"), .customLong("batch-size")], help: "Pairs a step.")
  var batchSize: Int = 32
  @Option(name: .customLong("lr-features"), help: "Learning rate of the backbone or its adapters.")
  var featureRate: Double = 1e-3
  @Option(name: .customLong("lr-classifier"), help: "Learning rate of everything else.")
  var classifierRate: Double = 1e-2
  @Option(help: "How pictures reach their width: crop, mirror_tile or adaptive.")
  var transform: String = FitStrategy.mirrorTile.rawValue
  @Option(name: .customLong("ocr-viz"), help: "boundaries, centers, both or 3d_channels.")
  var visualization: String = OCRVariant.boundaries.rawValue
  @Option(name: .customLong("lora-rank"), help: "Directions of an adapter.")
  var rank: Int?
  @Option(name: .customLong("model-config"), help: ArgumentHelp("What it is built from.", valueName: "json"))
  var modelConfig: String?
  @Flag(name: .customLong("balanced-sampling"), inversion: .prefixedNo, help: "Cap frequent labels.")
  var isBalanced = true
  @Option(name: .customLong("max-samples"), help: "Pairs of a label an epoch.")
  var maxSamples: Int?
  @Option(
    name: .customLong("sampling-ratio"), help: "How many times the rarest label, without --max-samples.")
  var samplingRatio: Double = 3
  @Option(help: "Where every random choice begins.")
  var seed: Int = 42
  @Option(help: "Threads.")
  var threads: Int?
  @Option(
    name: .customLong("checkpoint-dir"), help: ArgumentHelp("Where checkpoints lie.", valueName: "folder"))
  var folder: String = "checkpoints"

  func run() throws {
    let catalog = try ModelCatalog.captions(of: architecture)
    let url = try place()
    let set = try CaptionDataset(url)
    let home = URL(filePath: folder, directoryHint: .isDirectory).appending(path: name)
    guard !FileManager.default.fileExists(atPath: home.path) else {
      throw LabError(
        .usage, "the experiment \(name) is in \(folder) already", remedy: "choose another --name")
    }
    let started = Date()
    let code = Runner.train(catalog, try arguments(url, home))
    guard code == 0 else { throw ExitCode(code) }
    let run = try RunFolder.find("latest", under: home)
    let checkpoints = home.appending(path: "checkpoints", directoryHint: .isDirectory)
    try NamedCheckpoints(of: run).link(in: checkpoints)
    try record(run, checkpoints, in: set, started)
    print("checkpoints of \(name) lie in \(checkpoints.relativePath)")
  }

  private func place() throws -> URL {
    let named = URL(filePath: "datasets/\(dataset).db")
    let isFile = FileManager.default.fileExists(atPath: dataset)
    return !isFile && FileManager.default.fileExists(atPath: named.path) ? named : URL(filePath: dataset)
  }

  private func arguments(_ url: URL, _ home: URL) throws -> [String] {
    var settings: [String: JSONValue] = ["height": 48, "width": 480]
    if let modelConfig {
      _ = try CaptionConfiguration(text: modelConfig, source: "--model-config")
      let given = try JSONValue(parsing: Array(modelConfig.utf8)).object ?? [:]
      settings.merge(given.filter { $0.key != "num_classes" }) { $1 }
    }
    if let rank { settings["lora_rank"] = .integer(Int64(rank)) }
    if let maxSamples { settings["max_samples"] = .integer(Int64(maxSamples)) }
    let own = [
      "dataset=\(url.standardizedFileURL.path)", "ocr_viz=\(visualization)", "transform=\(transform)",
      "lr_classifier=\(classifierRate)", "sampling=\(isBalanced ? "balanced" : "shuffled")",
      "sampling_ratio=\(samplingRatio)",
    ]
    return [
      "--experiment", "captions", "--epochs", "\(epochs)", "--batch-size", "\(batchSize)", "--learning-rate",
      "\(featureRate)", "--seed", "\(seed)", "--output-dir", home.path, "--checkpoint-every", "5epochs",
      "--keep-checkpoints", "1000", "--tags", name,
    ] + (pretrained.map { ["--pretrained", $0, "--new-head"] } ?? [])
      + (threads.map { ["--threads", "\($0)"] } ?? []) + own
      + settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.string ?? $0.value.text())" } + words
  }

  private func record(_ run: RunFolder, _ checkpoints: URL, in set: CaptionDataset, _ started: Date) throws {
    let best = try Checkpoint(contentsOf: run.bestCheckpoint)
    let metrics = best.lab["metrics"]
    let git = (try? Workspace()).flatMap { GitFacts.read(in: $0.root) }
    try set.record(
      CaptionExperiment(
        name: name, architecture: architecture, modelConfiguration: best.lab["configuration"] ?? .null,
        hyperparameters: [
          "epochs": .integer(Int64(epochs)), "batch_size": .integer(Int64(batchSize)),
          "balanced_sampling": .bool(isBalanced), "sampling_ratio": .number(samplingRatio),
          "lr_features": .number(featureRate), "lr_classifier": .number(classifierRate), "optimizer": "adamw",
          "seed": .integer(Int64(seed)),
        ],
        transform: transform, variant: visualization, bestF1: best.lab["best"]?["value"]?.double,
        bestAccuracy: metrics?["val_accuracy"]?.double,
        bestCheckpoint: checkpoints.appending(path: "best.safetensors").path,
        finalCheckpoint: checkpoints.appending(path: "final.safetensors").path, started: started,
        gitCommit: git?.commit, gitBranch: git?.branch))
  }
}

/// The checkpoints of a run under the names of the specification, as links that take no room.
struct NamedCheckpoints {
  private let run: RunFolder

  init(of run: RunFolder) { self.run = run }

  /// `best`, `final` and `checkpoint_epoch_N` in `folder`.
  func link(in folder: URL) throws {
    let files = FileManager.default
    try files.createDirectory(at: folder, withIntermediateDirectories: true)
    for file in try files.contentsOfDirectory(at: run.models, includingPropertiesForKeys: nil)
    where file.pathExtension == "safetensors" {
      let name = file.deletingPathExtension().lastPathComponent
      let target: String
      if let known = ["best": "best", "last": "final"][name] {
        target = known
      } else {
        let lab = try SafetensorsFile(contentsOf: file).metadata["lab"].flatMap {
          try? JSONValue(parsing: Array($0.utf8))
        }
        guard let epoch = lab?["position"]?["epoch"]?.int else { continue }
        target = "checkpoint_epoch_\(epoch)"
      }
      try files.linkItem(at: file, to: folder.appending(path: "\(target).safetensors"))
    }
  }
}
