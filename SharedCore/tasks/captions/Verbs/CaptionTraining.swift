import ArgumentParser
import CaptionData
import Engine
import Foundation
import Runner
import Tracking
import Utils

/// One training on a data set: its run or, after interruptions, its runs, the row of it in the data set, its checkpoints.
struct CaptionTraining {
  private let set: CaptionDataset
  private let name: String
  private let home: URL
  private let command: CaptionTrainCommand

  /// The training called `name`, whose runs lie in the folder `home`.
  init(of set: CaptionDataset, name: String, in home: URL, command: CaptionTrainCommand) {
    (self.set, self.name, self.home, self.command) = (set, name, home, command)
  }

  private var checkpoints: URL { home.appending(path: "checkpoints", directoryHint: .isDirectory) }

  /// Trains, and keeps the row in the data set true: from the first step on without an end, then with what was reached.
  func run() throws {
    let isOld = !NamedCheckpoints.isEmpty(home)
    try check(isOld)
    let architecture =
      command.architecture ?? (isOld ? NamedCheckpoints.architecture(in: home) : nil)
      ?? CaptionArchitectureRegistry.first
    let catalog = try ModelCatalog.captions(of: architecture)
    try checkPretrained()
    let arguments = try CaptionTrainArguments(command)
    let (fresh, notice) = arguments.beginning(command, on: set.url, in: home, named: name)
    let words = isOld ? arguments.continuation(command, in: home) : fresh
    var (experiment, row): (CaptionExperiment?, Int64?) = (nil, nil)
    let code = Runner.train(catalog, words) { beginning in
      if let notice, !isOld { Terminal.writeError("\(notice)\n") }
      let begun = self.experiment(beginning, architecture)
      (experiment, row) = (begun, try set.begin(begun, takingOver: isOld))
    }
    if let row, var experiment {
      try? NamedCheckpoints.link(home, in: checkpoints, isWhole: code == 0)
      conclude(&experiment, isWhole: code == 0)
      try set.update(row, experiment)
    }
    guard code == 0 else {
      if row != nil, code > 128 {
        print(
          "with its row in the data set: lab captions train \(set.url.relativePath) --name \(name) --resume")
      }
      throw ExitCode(code)
    }
    print("checkpoints of \(name) lie in \(checkpoints.relativePath)")
  }

  private func check(_ isOld: Bool) throws {
    guard isOld != command.resume else { return }
    guard isOld else {
      throw LabError(
        .usage, "there is nothing of \(name) in \(command.folder) to go on with", remedy: "leave --resume out"
      )
    }
    throw LabError(
      .usage, "the experiment \(name) is in \(command.folder) already",
      remedy: "choose another --name, or give --resume where it was interrupted")
  }

  /// Refuses a whole caption network where a backbone is asked for.
  private func checkPretrained() throws {
    guard let source = command.pretrained,
      let found = NamedCheckpoints.architecture(of: URL(filePath: source)),
      CaptionArchitectureRegistry.captions.has(found)
    else { return }
    throw LabError(
      .checkpoint, "\(source) holds a whole \(found), and --pretrained takes a ResNet-50 to begin with",
      remedy: "give what lab captions pretrain makes, or published weights of ResNet-50")
  }

  /// The row of a run that begins.
  private func experiment(_ beginning: RunBeginning, _ architecture: String) -> CaptionExperiment {
    let settings = beginning.settings.json
    let git = (try? Workspace()).flatMap { GitFacts.read(in: $0.root) }
    let isBalanced = settings["sampling"]?.string == "balanced"
    let names = [
      "epochs", "batch_size", "sampling_ratio", "max_samples", "optimizer", "weight_decay", "patience",
      "augmentation", "seed",
    ]
    var hyperparameters = Dictionary(uniqueKeysWithValues: names.map { ($0, settings[$0] ?? .null) })
    hyperparameters["balanced_sampling"] = .bool(isBalanced)
    hyperparameters["lr_features"] = settings["learning_rate"]
    hyperparameters["lr_classifier"] = settings["lr_classifier"]
    var experiment = CaptionExperiment(
      name: name, architecture: architecture, modelConfiguration: beginning.configuration,
      hyperparameters: .object(hyperparameters), started: Date())
    experiment.transform = settings["transform"]?.string ?? experiment.transform
    experiment.variant = settings["ocr_viz"]?.string ?? experiment.variant
    experiment.usesFont = settings["use_font_embedding"]?.bool ?? true
    if !command.noWandb {
      (experiment.wandbProject, experiment.wandbRun) = (
        CaptionTrainArguments.project(of: command), beginning.folder.id
      )
    }
    (experiment.gitCommit, experiment.gitBranch) = (git?.commit, git?.branch)
    return experiment
  }

  /// What the newest run has reached.
  private func conclude(_ experiment: inout CaptionExperiment, isWhole: Bool) {
    guard let run = try? RunFolder.find("latest", under: home) else { return }
    let records = (try? FileManager.default.contentsOfDirectory(atPath: run.wandb.path)) ?? []
    experiment.wandbRun = records.first { $0.hasPrefix("offline-run-") }?.split(separator: "-").last.map(
      String.init)
    if experiment.wandbRun == nil { experiment.wandbProject = nil }
    let best = checkpoints.appending(path: "best.safetensors")
    // Before the first epoch has ended the best state is the one that training began with.
    if let lab = try? Checkpoint(contentsOf: best).lab, let value = lab["best"]?["value"]?.double {
      experiment.bestF1 = value
      experiment.bestAccuracy = lab["metrics"]?["val_accuracy"]?.double
      experiment.bestCheckpoint = best.standardizedFileURL.path
    }
    guard isWhole else { return }
    experiment.finalCheckpoint =
      checkpoints.appending(path: "final.safetensors").standardizedFileURL.path
    experiment.completed = Date()
  }
}
