import CaptionData
import Foundation
import ModelTesting
import Testing

@testable import ChannelFusionLoRA

/// The verbs as programs of this package, from annotated videos to the pairs worth an annotator's look.
@Suite struct BareProgramsTests {
  private let bench: ProgramBench

  init() throws { bench = try ProgramBench(for: channelFusionLoRACatalog) }

  private func run(_ program: String, _ words: String...) throws -> String {
    let ending = try bench.run(program, words)
    #expect(ending.code == 0, "\(program) \(words): \(ending.errors)")
    return ending.output
  }

  @Test func theWholeWay() throws {
    let videos = bench.root.appending(path: "videos")
    try SyntheticVideoFolder(count: 2, segments: 14, seed: 5).make(at: videos)
    #expect(try run("create-dataset", "first", "videos").contains("datasets/first.db"))
    let said = try run(
      "train", "first", "--name", "one", "--epochs", "1", "-b", "16", "--no-wandb", "--threads", "1",
      "limit=20",
      "height=16", "width=48", "fusion_hidden_dim=8")
    #expect(said.contains("checkpoints of one lie in"))
    let set = try CaptionDataset(bench.root.appending(path: "datasets/first.db"))
    #expect(try set.experiments().map(\.architecture) == ["channel_fusion_lora_resnet50"])
    let best = "checkpoints/one/checkpoints/best.safetensors"
    #expect(try run("infer", "videos/video_0000", "-c", best, "-o", "said.json").contains("13 pairs"))
    #expect(try run("analyze", "said.json", "--video-db", "videos/video_0000").contains("13 annotated pairs"))
    #expect(try run("rank-uncertain", "said.json", "--top", "3", "-o", "to_label").contains("written to"))
    let excerpts = try FileManager.default.subpathsOfDirectory(
      atPath: bench.root.appending(path: "to_label").path)
    #expect(excerpts.filter { $0.hasSuffix("/annotations.db") }.count == 1)
  }

  @Test func listModelsKnowsThePublishedNumbers() throws {
    let list = try run("list-models")
    for count in ["77,787,717", "30,771,653", "27,362,832", "3,907,920", "14.28 %"] {
      #expect(list.contains(count), "\(count)")
    }
  }

  @Test(arguments: ["train", "infer", "analyze", "create-dataset", "rank-uncertain"])
  func wrongWordsEndInOneSentence(_ program: String) throws {
    let ending = try bench.run(program, program == "train" ? ["no", "--name", "x"] : ["no", "--nothing"])
    #expect(ending.code != 0 && ending.errors.hasPrefix("error: "), "\(ending.errors)")
    #expect(ending.errors.split(separator: "\n").count == 1 && ending.output.isEmpty)
  }
}
