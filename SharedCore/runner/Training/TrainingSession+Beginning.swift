import DataUtils
import Engine
import Foundation
import Kernels
import Tracking
import Utils

/// What a run begins with, and what is told and recorded of it before its first epoch.
extension TrainingSession {
  func startingCheckpoint() throws -> Checkpoint? {
    if let resumption { return resumption.checkpoint }
    guard let reference = options.loadCheckpoint else { return nil }
    return try Checkpoint(
      contentsOf: CheckpointFinder(outputs: outputs, workspace: workspace).find(reference).url)
  }

  /// The published weights that the run begins with; none where a checkpoint holds its first ones.
  func pretraining() throws -> Pretraining? {
    if resumption != nil || options.loadCheckpoint != nil { return nil }
    return try Pretraining(options, experiment, plan.settings, logger)
  }

  func prepareExplanations(_ rule: any TrainingRule) throws {
    guard explanations > 0 else { return }
    guard let teacher = rule as? any ExplainsSteps else {
      throw LabError(
        .usage,
        "\(experiment.name) learns by \(experiment.training.name(plan.settings)), which cannot be told step by step",
        remedy: "leave --explain out")
    }
    let train = plan.data.splits.train
    let logger = logger
    var features = train.featureNames
    if plan.data.preprocessing != .none {
      features = features.map { String($0.prefix { $0 != "(" }).trimmingCharacters(in: .whitespaces) }
      logger.info("x holds the features as the network sees them: centred and scaled, without a unit\n")
    }
    teacher.explain(
      on: Blackboard(updates: explanations, features: features, classes: train.classNames) {
        logger.info("\($0)")
      })
  }

  func description(_ folder: RunFolder, _ parent: URL?) throws -> RunDescription {
    let splits = plan.data.splits
    var config = Self.config(plan.catalog, experiment, plan.settings).object ?? [:]
    config["network"] = plan.configuration
    config["data"] = [
      "name": .string(splits.train.name), "fingerprint": .string(splits.fingerprint),
      "counts": .object(
        Dictionary(
          uniqueKeysWithValues: try splits.parts.map {
            ($0.rawValue, .integer(Int64(try splits.part($0).count)))
          })),
      "preprocessing": plan.data.preprocessing.json["kind"] ?? nil,
      "subset": splits.subsetNote.map(JSONValue.string) ?? nil,
      "augmentation": .array(plan.data.targetAugmentations.map(\.json) + plan.augmentations.map(\.json)),
      "report": plan.data.report ?? nil,
    ]
    config["start"] = .string(resumption != nil ? "resumed" : parent != nil ? "weights" : "fresh")
    if let resumption {
      config["resumed"] = [
        "run": resumption.folder.map { .string($0.id) } ?? nil,
        "step": .integer(Int64(resumption.past.steps)),
      ]
    }
    return RunDescription(
      id: folder.id, model: plan.catalog.folder, architecture: plan.architecture,
      experiment: experiment.name, dataset: splits.train.name, seed: plan.seed, config: .object(config),
      tags: options.tagList, command: command,
      git: git.facts, machine: MachineFacts.read(),
      libraries: [
        "oneDNN": KernelLibrary.oneDNNVersion, "kernels": Kernels.requested,
        "threads": "\(KernelLibrary.threads)",
      ],
      parent: try parent.map { try SHA256.hex(ofFileAt: $0) })
  }

  /// Writes the merged configuration as a file that `--config` reads, where the experiment has a layout for it.
  func keepConfiguration(_ folder: RunFolder, _ trackers: TrackerGroup) throws {
    guard let layout = experiment.config else { return }
    let url = folder.url.appending(path: "train_config.yaml")
    try AtomicFile.write(try ConfigFile.text(plan.settings, layout), to: url, kind: .tracking)
    trackers.artifact(Artifact(url: url, kind: "configuration"))
  }

  /// Writes which image files each part has, a name a line: `splits/train.txt` and the like.
  func keepSplit(_ folder: RunFolder) throws {
    let splits = plan.data.splits
    for part in splits.parts where part != .all {
      guard case .images(let files) = try splits.part(part).features else { return }
      let names = (0..<files.count).map { files.file($0).url.lastPathComponent + "\n" }
      let place = folder.url.appending(path: "splits", directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try AtomicFile.write(names.joined(), to: place.appending(path: "\(part).txt"), kind: .tracking)
    }
  }

  func tellBeginning(_ network: any Layer, _ pretraining: Pretraining?) {
    let splits = plan.data.splits
    let parts = splits.parts.filter { ($0 == .all) == (splits.parts == [.train, .all]) }
      .map { "\($0) \((try? splits.part($0).count) ?? 0)" }.joined(separator: ", ")
    var rows = [
      ["experiment", "\(Terminal.bold(experiment.name)) (\(experiment.purpose)): \(experiment.summary)"],
      [
        "data",
        "\(splits.train.name): \(parts) samples of shape \(splits.train.sampleShape), \(plan.data.classes) classes"
          + (splits.subsetNote.map { "; \($0)" } ?? ""),
      ],
      ["network", "\(plan.architecture), \(network.parameterCount) parameters"],
      ["learning", experiment.training.name(plan.settings)],
    ]
    if let pretraining { rows.insert(["pretrained", pretraining.description], at: 3) }
    logger.info("\(aligned(rows))")
    for warning in plan.data.warnings { logger.warning("\(warning)") }
    if splits.train.omittedRowCount > 0 {
      logger.info("\(splits.train.omittedRowCount) rows with a missing cell were left out")
    }
    if let resumption {
      let past = resumption.past
      let inside = past.batches > 0 ? " and \(past.batches) batches of the next" : ""
      logger.info(
        "going on after epoch \(past.epochs)\(inside), step \(past.steps), of \(resumption.url.path)")
    }
  }
}
