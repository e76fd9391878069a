import Foundation
import TestSupport
import Testing
import Tracking
import Utils

@testable import Runner

@Suite(.serialized) struct CheckpointFinderTests {
  private let bench: Bench
  private let blobs, xor: RunFolder

  init() throws {
    bench = try Bench()
    blobs = try bench.train("--experiment", "blobs")
    xor = try bench.train("--experiment", "xor")
  }

  private func found(_ reference: String) throws -> String {
    let (url, _) = try CheckpointFinder(outputs: bench.outputs).find(reference)
    return url.resolvingSymlinksInPath().path
  }

  private func path(_ url: URL) -> String { url.resolvingSymlinksInPath().path }

  @Test func everyWayToNameARun() throws {
    for reference in [
      xor.id, String(xor.id.prefix(4)), "latest", xor.url.lastPathComponent, xor.url.path,
      xor.lastCheckpoint.path,
    ] { #expect(try found(reference) == path(xor.lastCheckpoint), "\(reference)") }
    let run = try CheckpointFinder(outputs: bench.outputs).find(xor.bestCheckpoint.path).run
    #expect(run?.id == xor.id, "a file in a run's folder belongs to that run")
  }

  @Test func theBestCheckpointWhereAValidationPartChoseIt() throws {
    #expect(try found(blobs.id) == path(blobs.bestCheckpoint))
    #expect(try found(xor.id) == path(xor.lastCheckpoint), "what is best on the training part is no result")
  }

  @Test func aFileAnywhereBelongsToNoRun() throws {
    let copy = bench.root.appending(path: "copy.safetensors")
    try FileManager.default.copyItem(at: xor.lastCheckpoint, to: copy)
    let (url, run) = try CheckpointFinder(outputs: bench.outputs).find(copy.path)
    #expect(path(url) == path(copy) && run == nil)
  }

  /// As W&B leaves a downloaded model artifact: `artifacts/<name>:v0/last.safetensors`.
  @Test func aFolderWithOneCheckpointIsThatCheckpoint() throws {
    let folder = bench.root.appending(path: "artifacts/99_tiny-xor:v0")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: xor.lastCheckpoint, to: folder.appending(path: "last.safetensors"))
    #expect(try found(folder.path) == path(folder.appending(path: "last.safetensors")))
    let run = try bench.train("--experiment", "xor", "--load-checkpoint", folder.path, "--epochs", "1")
    #expect(try json(run.results)["parent"]?.string == SHA256.hex(ofFileAt: xor.lastCheckpoint))
    expectLabError(mentioning: "holds 2 checkpoints", "best.safetensors, last.safetensors", exitCode: 2) {
      try found(xor.models.path)
    }
  }

  @Test func whatIsMissingIsNamed() throws {
    expectLabError(mentioning: "there is no file nothing.safetensors", exitCode: 1) {
      try found("nothing.safetensors")
    }
    expectLabError(mentioning: #"there is no run "zzzzzz""#, "the newest are", xor.id, blobs.id) {
      try found("zzzzzz")
    }
    expectLabError(mentioning: "is not the folder of a run") { try found(bench.root.path) }
    let bare = try bench.train("--experiment", "xor", "--no-save-checkpoint")
    expectLabError(
      mentioning: "run \(bare.id) has no checkpoint", "train again without --no-save-checkpoint", exitCode: 1
    ) { try found(bare.id) }
    let empty = CheckpointFinder(outputs: bench.root.appending(path: "empty"))
    expectLabError(mentioning: "there is no latest run under", "train first") {
      try empty.find("latest")
    }
  }
}
