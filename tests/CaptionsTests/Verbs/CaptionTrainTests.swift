import CaptionData
import Engine
import Foundation
import TestSupport
import Testing
import Tracking
import Utils

@testable import Captions

/// `lab captions train` and `infer` as somebody types them, on a set of made-up videos and with the smallest frames.
@Suite(.serialized) struct CaptionTrainTests {
  private let folder: TemporaryFolder
  private let network = [
    "-a", "channel_fusion_lora_resnet50", "height=16", "width=48", "fusion_hidden_dim=8",
  ]

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("// no package\n".utf8, to: "Package.swift")
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "SharedCore"), withIntermediateDirectories: true)
    let videos = folder.url.appending(path: "videos")
    try SyntheticVideoFolder(count: 2, segments: 14, seed: 5).make(at: videos)
    _ = try DatasetBuilder(
      DatasetRequest(name: "set", places: [videos.path]), in: folder.url.appending(path: "datasets")
    ).make()
  }

  private func lab(_ words: [String]) throws -> (code: Int32, output: String) {
    try runLab(["captions"] + words, in: folder.url, environment: ["LAB_ROOT": folder.url.path])
  }

  private func json(_ file: URL) throws -> JSONValue { try JSONValue(parsing: Array(Data(contentsOf: file))) }

  private func experiments() throws -> [CaptionExperiment] {
    try CaptionDataset(folder.url.appending(path: "datasets/set.db")).experiments()
  }

  private func git(_ words: String...) -> Bool {
    let command = ["git", "-C", folder.url.path, "-c", "user.name=a", "-c", "user.email=a@b"] + words
    return ChildProcess.run(command, timeout: 20)?.status == 0
  }

  @Test func aTrainingLeavesAllThatIsAskedFor() throws {
    #expect(git("init", "-b", "lesson") && git("add", "Package.swift") && git("commit", "-m", "first"))
    let said = try lab(
      [
        "train", "set", "--name", "one", "--epochs", "5", "-b", "16", "--augmentation", "light",
        "--no-pretrained",
      ]
        + ["--wandb-project", "caps", "--device", "cpu", "--threads", "1", "patience=none"] + network)
    #expect(said.code == 0, "\(said.output)")
    let home = folder.url.appending(path: "checkpoints/one")
    let run = try RunFolder.find("latest", under: home)

    let table = try String(contentsOf: run.metricsTable, encoding: .utf8).split(separator: "\n")
    let columns = table[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let start = table[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    for name in ["train", "val"].flatMap({ part in
      ["loss", "accuracy", "f1_macro", "f1_weighted"].map { "\(part)_\($0)" }
    }) {
      let place = try #require(columns.firstIndex(of: name), "\(name)")
      #expect(Double(start[place]) != nil, "\(name) of epoch 0")
    }
    #expect(start[try #require(columns.firstIndex(of: "epoch"))] == "0")

    let record = try json(run.url.appending(path: "confusion_matrices.json"))
    let matrices = try #require(record["matrices"]?.array)
    #expect(matrices.compactMap { $0["epoch"]?.int } == [0, 5])
    let set = try CaptionDataset(folder.url.appending(path: "datasets/set.db"))
    for matrix in matrices {
      let rows = try #require(matrix["counts"]?.array).map { ($0.array ?? []).compactMap(\.int) }
      #expect(rows.map { $0.reduce(0, +) } == set.labelCounts(of: .val))
    }
    for picture in [
      "confusion_matrix_epoch_0", "confusion_matrix_epoch_5", "confusion_matrix", "f1_macro_curve",
    ] {
      let file = run.visualizations.appending(path: "\(picture).png")
      #expect(FileManager.default.fileExists(atPath: file.path), "\(picture)")
    }

    let names = try FileManager.default.contentsOfDirectory(atPath: home.appending(path: "checkpoints").path)
    #expect(names.sorted() == ["best.safetensors", "checkpoint_epoch_5.safetensors", "final.safetensors"])
    for name in names {
      let lab = try Checkpoint(contentsOf: home.appending(path: "checkpoints/\(name)")).lab
      let config = try #require(lab["config"], "\(name)")
      #expect(config["architecture_name"] == "channel_fusion_lora_resnet50")
      #expect(config["model_config"]?["fusion_hidden_dim"] == 8 && config["model_config"]?["lora_rank"] == 16)
      #expect(config["dataset_db_path"]?.string?.hasSuffix("datasets/set.db") == true)
      #expect(config["transform_strategy"] == "mirror_tile" && config["ocr_viz_variant"] == "boundaries")
      #expect(config["use_font_embedding"] == true)
      #expect(config["font_embedding_version"]?.string == FontDescriptor().version)
    }

    let row = try #require(try experiments().first)
    #expect(row.name == "one" && row.architecture == "channel_fusion_lora_resnet50" && row.completed != nil)
    #expect(row.gitCommit?.count == 40 && row.gitBranch == "lesson")
    #expect(row.wandbProject == "caps" && row.wandbRun == run.id)
    #expect(row.hyperparameters["augmentation"] == "light" && row.hyperparameters["batch_size"] == 16)
    #expect(row.hyperparameters["lr_classifier"] == 0.01 && row.hyperparameters["balanced_sampling"] == true)
    let best = home.appending(path: "checkpoints/best.safetensors")
    #expect(
      row.bestCheckpoint.map { URL(filePath: $0).standardizedFileURL.path } == best.standardizedFileURL.path)
    #expect(row.finalCheckpoint?.hasSuffix("final.safetensors") == true)
    #expect(row.bestF1 == (try Checkpoint(contentsOf: best).lab["metrics"]?["val_f1_macro"]?.double))
    let results = try json(run.results)
    #expect("\(results)".contains("light"), "results.json names the augmentation")
    #expect("\(results)".contains("best_val_f1_weighted"), "results.json says what the best epoch reached")

    try inference(with: best)
  }

  /// What the trained network says, of one video and of many: in order, whatever is broken.
  private func inference(with best: URL) throws {
    let checkpoint = ["-c", best.path]
    let alone = try lab(["infer", "videos/video_0001", "-o", "one.json", "--batch-size", "3"] + checkpoint)
    #expect(alone.code == 0, "\(alone.output)")
    let many = try lab(["infer", "videos", "-o", "all", "--batch-size", "7"] + checkpoint)
    #expect(many.code == 0 && many.output.contains("results of 2 videos"), "\(many.output)")
    let one = try VideoPredictions(contentsOf: folder.url.appending(path: "one.json"))
    let results = try FileManager.default.contentsOfDirectory(atPath: folder.url.appending(path: "all").path)
    let same = try VideoPredictions(
      contentsOf: folder.url.appending(path: "all").appending(
        path: try #require(results.first { $0.hasPrefix("video_0001") })))
    #expect(one.pairs.map(\.first) == same.pairs.map(\.first) && !one.pairs.isEmpty)
    for (a, b) in zip(one.pairs, same.pairs) {
      #expect(zip(a.probabilities, b.probabilities).allSatisfy { abs($0 - $1) < 1e-4 })
    }
    let again = try lab(["infer", "videos", "-o", "all"] + checkpoint)
    #expect(again.output.contains("2 of them were there already"), "\(again.output)")
    let other = try lab(["infer", "videos", "-o", "all", "--all"] + checkpoint)
    #expect(other.code == 0 && !other.output.contains("already"), "\(other.output)")

    try writeCLIP(to: folder.url.appending(path: "clip.safetensors"))
    let clip = try lab(["infer", "videos/video_0001", "--font-encoder", "clip.safetensors"] + checkpoint)
    #expect(clip.code == 1 && clip.output.contains("leave --font-encoder out"), "\(clip.output)")
  }

  @Test func anInterruptedTrainingHasARowAndGoesOn() throws {
    let words =
      ["train", "set", "--name", "two", "-b", "16", "--no-pretrained", "--no-wandb", "--threads", "1"]
      + network
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "lab")
    process.arguments = ["captions"] + words + ["--epochs", "1000", "patience=none"]
    process.currentDirectoryURL = folder.url
    process.environment = ProcessInfo.processInfo.environment.merging(["LAB_ROOT": folder.url.path]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let home = folder.url.appending(path: "checkpoints/two")
    for _ in 0..<600 where NamedCheckpoints.isEmpty(home) && process.isRunning { usleep(100_000) }
    let begun = try experiments()
    #expect(begun.count == 1 && begun[0].completed == nil && begun[0].bestF1 == nil)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()

    let blind = try lab(words)
    #expect(blind.code == 2 && blind.output.contains("give --resume"), "\(blind.output)")
    let past = try #require(
      NamedCheckpoints.position(in: home), "a state that says how far it came")
    let resumed = try lab(words + ["--resume", "--epochs", "\(past + 1)"])
    #expect(resumed.code == 0, "\(resumed.output)")
    let rows = try experiments()
    #expect(rows.count == 1 && rows[0].completed != nil && rows[0].bestF1 != nil)
    #expect(rows[0].wandbProject == nil && rows[0].wandbRun == nil && rows[0].finalCheckpoint != nil)
    #expect(rows[0].hyperparameters["epochs"] == .integer(Int64(past + 1)))
    #expect(rows[0].started == begun[0].started)
    let nothing = try lab(["train", "set", "--name", "three", "--resume"] + network)
    #expect(nothing.code == 2 && nothing.output.contains("nothing of three"), "\(nothing.output)")
  }

  @Test func wrongWordsAreSentences() throws {
    for (words, expected) in [
      (["train", "set", "--name", "x", "--device", "cuda"], "give auto or cpu"),
      (["train", "set", "--name", "x", "--augmentation", "lihgt"], "did you mean light?"),
      (["train", "set", "--name", "x", "augmentation=lihgt"], "did you mean light?"),
      (["train", "set", "--name", "x", "--transform", "croop"], "did you mean crop?"),
      (["train", "set"], "has no name"), (["train"], "no data set"),
      (["train", "nowhere", "--name", "x"], "nowhere"),
      (
        ["train", "set", "--name", "x", "-a", "triple_backbone_resnet"],
        "did you mean triple_backbone_resnet50?"
      ),
      (["train", "set", "--name", "x", "--model-config", "{\"num_classes\": 4}"], "num_classes"),
      (["train", "set", "--name", "x", "--pretrained", "a", "--no-pretrained"], "exclude each other"),
      (["train", "set", "--experiment", "debug"], "--experiment is for"),
      (["train", "set", "--name", "../x"], "cannot be called"),
    ] {
      let said = try lab(words)
      #expect(said.code != 0 && said.output.contains(expected), "\(words): \(said.output)")
      #expect(said.output.split(separator: "\n").last?.hasPrefix("error: ") == true, "\(said.output)")
    }
    #expect(try experiments().isEmpty)
  }
}
