import Engine
import Foundation
import TestSupport
import Testing
import Tracking
import Utils

@testable import Runner

@Suite(.serialized) struct EvaluateCommandTests {
  private let bench: Bench
  private let run: RunFolder
  private var output: URL { bench.root.appending(path: "result.json") }

  init() throws {
    bench = try Bench()
    run = try bench.train("--experiment", "blobs")
  }

  @Test func theResultHasTheCoreThatEveryResultHas() throws {
    try bench.evaluate("--checkpoint", "latest", "--output", output.path)
    let result = try json(output)
    #expect(result["experiment"] == "three-blobs" && result["split"] == "test" && result["count"] == 24)
    #expect(result["band"] == "test accuracy >= 0.9" && result["published"] == "100 % (Nobody 2000)")
    #expect(result["within_band"] == true && result["classes"]?.array?.count == 3)
    for name in ["accuracy", "loss", "f1_macro", "opposite_accuracy"] {
      #expect(result["metrics"]?[name]?.double != nil, "\(name)")
    }
    let counts = try #require(result["confusion_matrix"]?.array).flatMap { $0.array ?? [] }.compactMap(\.int)
    #expect(counts.count == 9 && counts.reduce(0, +) == 24)
    #expect(result["checkpoint_sha256"]?.string == (try SHA256.hex(ofFileAt: run.bestCheckpoint)))
  }

  /// The last checkpoint judged again is what the run said of itself.
  @Test func judgingAgainGivesTheSameFigures() throws {
    try bench.evaluate("--checkpoint", run.lastCheckpoint.path, "--output", output.path)
    #expect(try json(output)["metrics"] == json(run.results)["metrics"])
  }

  @Test(arguments: [("train", 72), ("val", 24), ("test", 24), ("all", 120)])
  func everyPart(part: String, count: Int) throws {
    try bench.evaluate(
      "--checkpoint", run.id, "--split", part, "--output", output.path, "--save-predictions")
    #expect(try json(output)["count"]?.int == count)
    let rows = try text(bench.root.appending(path: "result.predictions.csv")).split(separator: "\n")
    #expect(rows.count == count + 1)
    #expect(rows[0] == "index,actual,predicted,output_0,output_1,output_2")
    #expect(rows.dropFirst().map { $0.split(separator: ",").count }.allSatisfy { $0 == 6 })
    let right = rows.dropFirst().map { $0.split(separator: ",") }.count { $0[1] == $0[2] }
    let accuracy = try #require(json(output)["metrics"]?["accuracy"]?.double)
    #expect(Double(right) / Double(count) == accuracy)
  }

  @Test func predictionsAndPicturesLieInTheRunsFolderUnlessTheOutputSaysOtherwise() throws {
    try bench.evaluate("--checkpoint", run.id, "--save-predictions", "--visualize", "--split", "val")
    #expect(FileManager.default.fileExists(atPath: run.url.appending(path: "predictions_val.csv").path))
    let pictures = try files(in: run.visualizations.appending(path: "evaluation_val"))
    #expect(
      pictures
        == ["confusion_matrix", "decision_regions", "roc", "weights"].flatMap { ["\($0).png", "\($0).svg"] })
  }

  @Test func whatCannotBeJudgedIsRefused() throws {
    expectLabError(
      mentioning: "--split tset is no part", "did you mean test?", "train, val, test, all", exitCode: 2
    ) { try bench.evaluate("--checkpoint", run.id, "--split", "tset") }
    expectLabError(
      mentioning: "was trained on samples of shape [2] in 3 classes", "xor has samples of shape [2] in 2",
      exitCode: 1
    ) { try bench.evaluate("--checkpoint", run.id, "--experiment", "xor") }
    let xor = try bench.train("--experiment", "xor")
    expectLabError(mentioning: "xor has no part called test", "choose among train, all", exitCode: 2) {
      try bench.evaluate("--checkpoint", xor.id, "--split", "test")
    }
    expectLabError(mentioning: "cannot be written", exitCode: 2) {
      try bench.evaluate("--checkpoint", run.id, "--output", run.log.path + "/result.json")
    }
  }

  /// Files that anybody may have written: none may crash the program.
  @Test func aCheckpointThatLiesIsRefused() throws {
    let file = bench.root.appending(path: "hostile.safetensors")
    func refused(_ words: String, _ change: (inout [String: JSONValue]) -> Void) throws {
      var checkpoint = try Checkpoint(contentsOf: run.lastCheckpoint)
      var lab = checkpoint.lab.object ?? [:]
      change(&lab)
      checkpoint.lab = .object(lab)
      try checkpoint.write(to: file)
      expectLabError(mentioning: words) {
        try bench.evaluate("--checkpoint", file.path, "--experiment", "pictures")
      }
    }
    try refused("does not fit this network") { $0["data"] = nil }
    try refused("does not fit this network") {
      $0["data"] = ["sample_shape": [1, 4, 4], "classes": ["left", "right"]]
    }
    try refused("does not describe its network") { $0["architecture"] = nil }
    try refused("does not describe its network") { $0["configuration"] = nil }
    try refused("holds a network called resnet") { $0["architecture"] = "resnet" }
    try refused("the network's inputs is -2") { $0["configuration"] = ["inputs": -2, "outputs": 3] }
    try refused("does not fit this network") { $0["configuration"] = ["inputs": 5, "outputs": 3] }
    try refused("written by a newer version") { $0["version"] = 99 }
  }

  @Test func preprocessingOfAnotherShapeIsRefused() throws {
    let pictures = try bench.train("--experiment", "pictures")
    let file = bench.root.appending(path: "hostile.safetensors")
    var checkpoint = try Checkpoint(contentsOf: pictures.lastCheckpoint)
    var lab = checkpoint.lab.object ?? [:]
    lab["experiment"] = nil
    lab["data"] = [
      "preprocessing": ["kind": "standardize", "means": [0.0, 0.0], "deviations": [1.0, 1.0]]
    ]
    checkpoint.lab = .object(lab)
    try checkpoint.write(to: file)
    expectLabError(mentioning: "hostile.safetensors prepares samples of another shape", exitCode: 1) {
      try bench.evaluate("--checkpoint", file.path, "--experiment", "pictures")
    }
    expectLabError(mentioning: "does not say on what it was trained", "give --experiment", exitCode: 1) {
      try bench.evaluate("--checkpoint", file.path)
    }
  }

  @Test func aFileThatWasCutOffIsRefusedAtEveryByte() throws {
    let whole = [UInt8](try Data(contentsOf: run.lastCheckpoint))
    let file = bench.root.appending(path: "cut.safetensors")
    for length in Array(0..<24) + Array(stride(from: 24, to: whole.count, by: 37)) + [whole.count - 1] {
      try Data(whole.prefix(length)).write(to: file)
      expectLabError(mentioning: "cut.safetensors", exitCode: 1) {
        try bench.evaluate("--checkpoint", file.path)
      }
      expectLabError(mentioning: "cut.safetensors", exitCode: 1) {
        try bench.train("--resume", file.path)
      }
    }
  }

  @Test func anotherProgramsFileIsOnlyGoodForItsWeights() throws {
    let file = bench.root.appending(path: "foreign.safetensors")
    var writer = SafetensorsWriter()
    writer.add("linear.weight", floats: [1, 2, 3, 4, 5, 6], shape: [3, 2])
    writer.add("linear.bias", floats: [0, 0, 0], shape: [3])
    try writer.write(to: file)
    expectLabError(
      mentioning: "foreign.safetensors does not describe its network", "--load-checkpoint", exitCode: 1
    ) { try bench.evaluate("--checkpoint", file.path) }
    try bench.train("--experiment", "blobs", "--load-checkpoint", file.path)
  }
}
