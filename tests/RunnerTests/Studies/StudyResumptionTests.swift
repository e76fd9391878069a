import Engine
import Foundation
import TestSupport
import Testing
import Utils

@testable import Runner
@testable import Tracking

/// A study that was interrupted ends as if nothing had happened.
@Suite(.serialized) struct StudyResumptionTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  private func record(_ folder: RunFolder) throws -> StudyRecord {
    try #require(try StudyRecord(in: folder))
  }

  /// What does not depend on the clock.
  private func results(_ cells: [StudyCell]) -> [[String: Double]] {
    cells.map { $0.metrics.filter { !$0.key.hasSuffix("seconds") } }
  }

  /// Takes the last `count` runs out of a study that has ended, and its result.
  private func cut(_ folder: RunFolder, last count: Int, unfinished: [String] = []) throws {
    var record = try record(folder)
    record.cells.removeLast(count)
    record.unfinished = unfinished
    try record.write(to: folder)
    try FileManager.default.removeItem(at: folder.results)
  }

  @Test func trainsWhatIsMissingAndNothingTwice() throws {
    let folder = try bench.train(
      "--experiment", "three-blobs", "--sweep", "learning_rate=0.01,0.1", "--seeds", "2", "epochs=2")
    let whole = try record(folder).cells
    try cut(folder, last: 3)
    try bench.train("--resume", "auto", "--experiment", "three-blobs", "--print-config")
    #expect(try record(folder).cells.count == 1, "to look at the configuration trains nothing")
    let database = try ExperimentDatabase(bench.workspace.database)
    try database.end(
      folder.id, RunOutcome(status: .stopped, seconds: 1), entries: [], folder: folder.url)
    try bench.train("--resume", "auto", "--experiment", "three-blobs")
    #expect(try database.runs().first { $0.id == folder.id }?.status == .finished)
    let after = try record(folder).cells
    #expect(results(after) == results(whole))
    #expect(after.first?.run == whole.first?.run && after.last?.run != whole.last?.run)
    #expect(try json(folder.results)["count"] == 4)
  }

  @Test func aRunThatWasInterruptedGoesOnWithItsHistory() throws {
    let folder = try bench.train(
      "--experiment", "three-blobs", "--sweep", "learning_rate=0.01,0.1", "--seeds", "2", "epochs=4")
    let whole = try record(folder).cells
    let curves = folder.visualizations.appending(path: "train_loss_curves.svg")
    let drawn = try text(curves)
    let last = try RunFolder.find(try #require(whole.last).run, under: bench.outputs)
    // The last run as a process leaves it that was ended after two of its four epochs.
    let part = try bench.train("--experiment", "three-blobs", "learning_rate=0.1", "seed=43", "epochs=2")
    var checkpoint = try Checkpoint(contentsOf: part.lastCheckpoint)
    var lab = try #require(checkpoint.lab.object)
    lab["settings"] = try Checkpoint(contentsOf: last.lastCheckpoint).lab["settings"]
    checkpoint.lab = .object(lab)
    try checkpoint.write(to: part.lastCheckpoint)
    try FileManager.default.removeItem(at: part.results)
    try cut(folder, last: 1, unfinished: [part.id])

    try bench.train("--resume", "auto")
    let after = try record(folder).cells
    #expect(after.last?.earlier == [part.id] && results(after) == results(whole))
    let resumed = try RunFolder.find(try #require(after.last).run, under: bench.outputs)
    #expect(try Data(contentsOf: resumed.lastCheckpoint) == Data(contentsOf: last.lastCheckpoint))
    #expect(
      try text(resumed.metricsTable).split(separator: "\n").count == 5,
      "two epochs before, and two that were left")
    #expect(try text(curves) == drawn)
  }

  @Test func presetsHoldAfterwardsToo() throws {
    let folder = try bench.train("--experiment", "two-rates", "era=both", "--seeds", "1", "epochs=2")
    let whole = try record(folder).cells
    try cut(folder, last: 2)
    try bench.train("--resume", folder.id)
    let after = try record(folder).cells
    #expect(results(after) == results(whole))
    let original = try RunFolder.find(try #require(after.first).run, under: bench.outputs)
    #expect(try text(original.config).contains("batch_size: 8"))
  }

  @Test func autoTakesTheNewestOfStudiesAndRunsButNoPartOfAStudy() throws {
    func auto() throws -> String? { Resumption.newestUnfinished(nil, under: bench.outputs)?.id }
    let single = try bench.train("--experiment", "xor", "--epochs", "2")
    try FileManager.default.removeItem(at: single.results)
    let older = single.url.deletingLastPathComponent().appending(path: "20200101-000000-aaaaaa")
    try FileManager.default.moveItem(at: single.url, to: older)
    let folder = try bench.train("--experiment", "three-blobs", "--seeds", "2", "epochs=1")
    #expect(try auto() == "aaaaaa")
    let run = try RunFolder.find(try #require(try record(folder).cells.last).run, under: bench.outputs)
    try FileManager.default.removeItem(at: run.results)
    #expect(try auto() == "aaaaaa", "a run of a study is not taken alone")
    try cut(folder, last: 1, unfinished: [run.id])
    #expect(try auto() == folder.id)
    let newer = older.deletingLastPathComponent().appending(path: "29990101-000000-bbbbbb")
    try FileManager.default.moveItem(at: older, to: newer)
    #expect(try auto() == "bbbbbb")
  }

  @Test func whatIsAnotherStudyIsRefused() throws {
    let folder = try bench.train("--experiment", "three-blobs", "--seeds", "2", "epochs=1")
    expectLabError(mentioning: "is a study of three-blobs, not of xor", exitCode: 2) {
      try bench.train("--resume", folder.id, "--experiment", "xor")
    }
    expectLabError(mentioning: "goes on as it was begun", exitCode: 2) {
      try bench.train("--resume", folder.id, "--seeds", "3")
    }
    let run = try #require(try record(folder).cells.first).run
    expectLabError(mentioning: "is one run, and --sweep and --seeds begin many", exitCode: 2) {
      try bench.train("--resume", run, "--seeds", "3")
    }
    let file = StudyRecord.file(in: folder)
    try Data(try text(file).replacing("\"momentum\": 0.9", with: "\"momentum\": 0.8").utf8).write(to: file)
    expectLabError(mentioning: "was begun with other settings than three-blobs has today", exitCode: 2) {
      try bench.train("--resume", folder.id)
    }
    try Data("{".utf8).write(to: file)
    expectLabError(mentioning: "study.json is damaged", exitCode: 1) {
      try bench.train("--resume", folder.id)
    }
  }
}
