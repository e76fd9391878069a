import Foundation
import TestSupport
import Testing
import Tracking
import Utils

@testable import Runner

@Suite(.serialized) struct ReproductionTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  private func details(_ run: RunFolder) throws -> (RunDetails, ExperimentDatabase) {
    let database = try ExperimentDatabase(bench.workspace.database, create: false)
    return (try database.run(run.id), database)
  }

  /// Trains as the reproduction of `run` says, with `words` besides, and sets the two side by side.
  private func again(_ run: RunFolder, _ words: String...) throws -> Reproduction.Comparison {
    let (old, database) = try details(run)
    let reproduction = try Reproduction(of: old, in: database)
    let new = try bench.train(reproduction.arguments + words)
    return try reproduction.comparison(with: details(new).0)
  }

  @Test func aRunWithItsOwnSettingsHasTheSameBytes() throws {
    let run = try bench.train("--experiment", "blobs", "--epochs", "2", "--seed", "7", "momentum=0.5")
    let comparison = try again(run)
    #expect(comparison.isSame && comparison.facts.isEmpty)
    #expect(Set(comparison.rows.map { $0[2] }).count == 1)
  }

  @Test func whatIsAnotherIsNamed() throws {
    let run = try bench.train("--experiment", "blobs", "--epochs", "2")
    let comparison = try again(run, "learning_rate=0.05")
    #expect(!comparison.isSame)
    #expect(comparison.facts.map(\.[0]) == ["settings.learning_rate"])
    #expect(comparison.tensors.contains { $0[0].hasSuffix("weight") && $0[1].hasPrefix("by ") })
  }

  @Test func aRunThatWasResumedBeginsAnew() throws {
    let first = try bench.train("--experiment", "blobs", "--epochs", "2")
    let rest = try bench.train("--resume", first.id, "--epochs", "4")
    let comparison = try again(rest)
    #expect(comparison.isSame, "\(comparison.facts) \(comparison.tensors)")
  }

  @Test func aRunThatBeganWithWeightsNeedsThem() throws {
    let first = try bench.train("--experiment", "blobs", "--epochs", "2")
    let second = try bench.train("--experiment", "blobs", "--epochs", "1", "--load-checkpoint", first.id)
    #expect(try again(second).isSame)
    try FileManager.default.removeItem(at: first.models)
    expectLabError(mentioning: "began with weights that are no longer there", exitCode: 2) {
      try again(second)
    }
  }

  @Test func aRunWithoutACheckpointCannotBeHeldAgainstAnything() throws {
    let run = try bench.train("--experiment", "blobs", "--no-save-checkpoint")
    expectLabError(mentioning: "has no checkpoint of its result", exitCode: 2) { try again(run) }
  }
}
