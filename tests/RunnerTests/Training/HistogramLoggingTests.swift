import Engine
import Foundation
import Testing
import Tracking

@testable import Runner

@Suite(.serialized) struct HistogramLoggingTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  private func names(_ run: RunFolder) throws -> Set<String> {
    let files = try files(in: run.tensorboard)
    #expect(files.count == 1)
    let bytes = try Data(contentsOf: run.tensorboard.appending(path: files[0]))
    let text = String(decoding: bytes, as: UTF8.self)
    return Set(
      ["weights/linear.weight", "weights/linear.bias", "gradients/linear.weight", "gradients/linear.bias"]
        .filter(text.contains))
  }

  @Test func weightsAndGradientsAreShown() throws {
    let run = try bench.train("--experiment", "blobs", "--tensorboard", "--epochs", "1")
    #expect(try names(run).count == 4)
    let nudged = try bench.train("--experiment", "xor", "--tensorboard")
    #expect(
      try names(nudged) == ["weights/linear.weight", "weights/linear.bias"], "a rule without gradients")
  }

  @Test func lookingChangesNothing() throws {
    let plain = try bench.train("--experiment", "blobs")
    let watched = try bench.train("--experiment", "blobs", "--tensorboard")
    #expect(try Data(contentsOf: plain.lastCheckpoint) == Data(contentsOf: watched.lastCheckpoint))
    #expect(!FileManager.default.fileExists(atPath: plain.tensorboard.path))
  }

  @Test func aRunWithoutWandBHasNoFolderForIt() throws {
    let run = try bench.train("--experiment", "xor", "--no-wandb")
    #expect(!FileManager.default.fileExists(atPath: run.wandb.path))
  }
}
