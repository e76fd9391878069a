import Engine
import Foundation
import TestSupport
import Testing
import Utils

@testable import Runner

/// Runs that begin with published weights.
struct PretrainingTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  /// Weights of the tiny network for three blobs in the plane.
  private func weights(classes: Int = 3) throws -> String {
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    writer.add("linear.weight", floats: (0..<2 * classes).map { Float($0) }, shape: [classes, 2])
    writer.add("linear.bias", floats: (0..<classes).map { Float(-$0) }, shape: [classes])
    let file = bench.root.appending(path: "published-\(classes).safetensors")
    try writer.write(to: file)
    return file.path
  }

  @Test func aFile() throws {
    let file = try weights()
    let run = try bench.train("--experiment", "blobs", "--pretrained", file, "--set", "learning_rate=1e-12")
    let checkpoint = try Checkpoint(contentsOf: run.lastCheckpoint)
    guard case .floats(let bias, _)? = checkpoint.contents["linear.bias"] else {
      Issue.record("no bias")
      return
    }
    #expect(zip(bias, [0, -1, -2]).allSatisfy { abs($0 - $1) < 1e-6 }, "\(bias)")
    let sum = try SHA256.hex(ofFileAt: URL(filePath: file))
    #expect(checkpoint.lab["pretrained"] == ["sha256": .string(sum), "new_head": false])
    #expect(try text(run.log).contains("pretrained"))
    let random = try bench.train("--experiment", "blobs", "--no-pretrained", "--epochs", "1")
    #expect(try Checkpoint(contentsOf: random.lastCheckpoint).lab["pretrained"] == nil)
  }

  /// A run that goes on needs the file no more, and its checkpoints say the same.
  @Test func resumed() throws {
    let file = try weights()
    let whole = try bench.train("--experiment", "blobs", "--epochs", "4", "--pretrained", file)
    let half = try bench.train("--experiment", "blobs", "--epochs", "2", "--pretrained", file)
    try FileManager.default.removeItem(atPath: file)
    let rest = try bench.train("--resume", half.id, "--epochs", "4")
    #expect(try Data(contentsOf: rest.lastCheckpoint) == Data(contentsOf: whole.lastCheckpoint))
  }

  @Test func aNewHead() throws {
    let file = try weights(classes: 5)
    expectLabError(mentioning: "linear.weight [5, 2] instead of [3, 2]", "--new-head", exitCode: 1) {
      try bench.train("--experiment", "blobs", "--pretrained", file)
    }
    let run = try bench.train("--experiment", "blobs", "--epochs", "1", "--pretrained", file, "--new-head")
    #expect(try Checkpoint(contentsOf: run.lastCheckpoint).lab["pretrained"]?["new_head"] == true)
  }

  @Test(arguments: [
    ["--pretrained", "x", "--no-pretrained"], ["--pretrained", "x", "--resume", "auto"],
    ["--pretrained", "x", "--load-checkpoint", "latest"],
  ])
  func contradictions(flags: [String]) throws {
    let options = try TrainOptions.parse(["--experiment", "blobs", "--log-level", "error"] + flags)
    let experiment = try tinyCatalog.experiment("blobs")
    expectLabError(mentioning: "exclude each other", exitCode: 2) {
      try Pretraining.check(options, experiment, experiment.settings)
    }
  }

  @Test func whatIsNotThere() throws {
    expectLabError(mentioning: "resnet18.tv_in1", "did you mean resnet18.tv_in1k?", exitCode: 2) {
      try bench.train("--experiment", "blobs", "--pretrained", "resnet18.tv_in1")
    }
    expectLabError(mentioning: "--new-head", "--pretrained", exitCode: 2) {
      try bench.train("--experiment", "blobs", "--new-head")
    }
  }
}
