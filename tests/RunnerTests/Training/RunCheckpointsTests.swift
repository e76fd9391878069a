import Engine
import Foundation
import TestSupport
import Testing
import Tracking
import Utils

@testable import Runner

/// A run goes on, and ends in the same bytes, though some of its checkpoints are damaged.
@Suite(.serialized) struct RunCheckpointsTests {
  private let bench: Bench
  private let whole, killed: RunFolder

  init() throws {
    bench = try Bench()
    let words = [
      "--experiment", "blobs", "--epochs", "4", "--checkpoint-every", "3steps", "--keep-checkpoints", "9",
    ]
    whole = try bench.train(words)
    killed = try bench.train(words)
    try FileManager.default.removeItem(at: killed.results)
    for name in ["step-000018", "step-000020"] {
      try? FileManager.default.removeItem(at: killed.models.appending(path: "\(name).safetensors"))
    }
  }

  private func damage(_ url: URL, _ change: (inout Data) -> Void) throws {
    var data = try Data(contentsOf: url)
    change(&data)
    try data.write(to: url)
  }

  /// Where `--resume auto` goes on: the file, the step, and what it says.
  private func choice() throws -> (file: String, step: Int, notices: [String]) {
    let resumption = try Resumption(
      "auto", experiment: nil, finder: CheckpointFinder(outputs: bench.outputs))
    return (resumption.url.lastPathComponent, resumption.past.steps, resumption.notices)
  }

  private func expectTheSameEnd() throws {
    let rest = try bench.train("--resume", "auto")
    #expect(rest.id != killed.id)
    #expect(try Data(contentsOf: rest.lastCheckpoint) == Data(contentsOf: whole.lastCheckpoint))
    #expect(try Data(contentsOf: rest.bestCheckpoint) == Data(contentsOf: whole.bestCheckpoint))
  }

  @Test func theLastOneIsTakenWhereItIsWhole() throws {
    let choice = try choice()
    #expect(choice.file == "last.safetensors" && choice.step == 20 && choice.notices.isEmpty)
  }

  @Test func aTruncatedLastOneGivesWayToTheNewestOnTheWay() throws {
    try damage(killed.lastCheckpoint) { $0.removeLast(20) }
    let choice = try choice()
    #expect(choice.file == "step-000015.safetensors" && choice.step == 15)
    #expect(choice.notices.count == 1)
    let sentence = try #require(choice.notices.first)
    #expect(sentence.contains("last.safetensors has a damaged tensor"), "\(sentence)")
    #expect(
      sentence.hasSuffix("; going on with step-000015.safetensors of step 15, the newest whole one"),
      "\(sentence)")
    try expectTheSameEnd()
  }

  @Test func aMissingLastOneToo() throws {
    try FileManager.default.removeItem(at: killed.lastCheckpoint)
    #expect(try choice().step == 15)
    try expectTheSameEnd()
  }

  @Test func aFlippedByteIsNoticedWhereverItLies() throws {
    let size = try Data(contentsOf: killed.lastCheckpoint).count
    for place in [size - 1, size - 30] {
      try damage(killed.lastCheckpoint) { $0[place] ^= 1 }
      let sentence = try #require(try choice().notices.first)
      #expect(sentence.contains("is damaged: its numbers are not those that were written"), "\(sentence)")
      try damage(killed.lastCheckpoint) { $0[place] ^= 1 }
      #expect(try choice().notices.isEmpty)
    }
    try damage(killed.lastCheckpoint) { $0[size - 1] ^= 1 }
    expectLabError(mentioning: "is damaged", "another checkpoint of the run", exitCode: 1) {
      try bench.train("--resume", killed.lastCheckpoint.path)
    }
    expectLabError(mentioning: "is damaged") {
      try bench.train("--experiment", "blobs", "--load-checkpoint", killed.lastCheckpoint.path)
    }
    try expectTheSameEnd()
  }

  @Test func theBestOneIsBetterThanNone() throws {
    for name in try files(in: killed.models) where name.hasPrefix("step-") {
      try FileManager.default.removeItem(at: killed.models.appending(path: name))
    }
    try damage(killed.lastCheckpoint) { $0 = Data() }
    #expect(try choice().file == "best.safetensors")
    try damage(killed.bestCheckpoint) { $0 = Data() }
    expectLabError(mentioning: "last.safetensors is too short", exitCode: 1) { _ = try choice() }
  }

  @Test func aDamagedBestOneIsLookedForAnew() throws {
    try FileManager.default.removeItem(at: killed.lastCheckpoint)
    try damage(killed.bestCheckpoint) { $0.removeLast() }
    let rest = try bench.train("--resume", "auto")
    #expect(try Checkpoint(contentsOf: rest.bestCheckpoint).lab["best"]?["epoch"]?.int ?? 0 >= 4)
  }

  @Test func whatKilledWritesHaveLeftIsRemoved() throws {
    let left = [
      killed.models.appending(path: ".last.safetensors.1a2b3c4d.tmp"),
      killed.url.appending(path: ".metrics.csv.deadbeef.tmp"),
    ]
    let other = killed.models.appending(path: ".notes.tmp")
    for url in left + [other] { try Data("x".utf8).write(to: url) }
    _ = try choice()
    #expect(left.allSatisfy { !FileManager.default.fileExists(atPath: $0.path) })
    #expect(FileManager.default.fileExists(atPath: other.path), "a file that only looks alike stays")
  }
}
