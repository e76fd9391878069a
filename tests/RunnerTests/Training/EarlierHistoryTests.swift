import Foundation
import Testing
import Utils

@testable import Runner
@testable import Tracking

/// What was logged before a run went on stands in the record of the run that goes on.
@Suite(.serialized) struct EarlierHistoryTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  @Test(
    "the curves of a run that went on are whole",
    arguments: [["--stop-after-step", "50"], ["--epochs", "2"]])
  func theCurvesAreWhole(_ ending: [String]) throws {
    let words = ["--experiment", "three-blobs", "batch_size=2"]
    let whole = try bench.train(words + ["--epochs", "4"])
    let part = try bench.train(words + ending)
    let rest = try bench.train("--resume", part.id, "--epochs", "4", "--tensorboard")
    #expect(try untimed(rest.metricsTable) == untimed(whole.metricsTable))
    #expect(try untimed(rest.metricsTable).count > 80)
    #expect(
      try text(rest.metricsLines).split(separator: "\n").count
        == text(whole.metricsLines).split(separator: "\n").count)
    let database = try ExperimentDatabase(bench.workspace.database)
    for metric in ["train_loss", "step_loss"] {
      let points = try database.history(of: metric, in: rest.id)
      #expect(try points == database.history(of: metric, in: whole.id) && points.count >= 4)
    }
  }

  /// The rows of a table without the column of times.
  private func untimed(_ table: URL) throws -> [[String]] {
    let rows = try text(table).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let times = try #require(rows[0].firstIndex(of: "epoch_seconds"))
    return rows.map { row in row.indices.filter { $0 != times }.map { row[$0] } }
  }

  @Test func whatAKilledProcessLeftOfALineIsPassedOver() throws {
    let run = try RunFolder.create(under: bench.outputs, experiment: "xor")
    let table =
      "step,epoch,step_loss,train_loss,epoch_seconds\n2,1,0.5,,\n4,1,,inf,0.25\n6,2,0.1,,\n8,2,,nan,0.5\n"
    func history(_ text: String, upTo step: Int) throws -> EarlierHistory {
      try text.write(to: run.metricsTable, atomically: true, encoding: .utf8)
      return EarlierHistory(of: run, upTo: step)
    }
    for end in ["", "10", "10,3,0.", "10,3,0.5,,"] {
      let whole = try history(table + end, upTo: 99)
      #expect(whole.epochs.map(\.epoch) == [1, 2] && whole.lastLoggedStep == 6, "\(end)")
      #expect(whole.epochs[0].metrics["train_loss"] == .infinity && whole.epochs[1].totalSeconds == 0.75)
    }
    let half = try history(table, upTo: 4)
    #expect(half.epochs.map(\.step) == [4] && half.lastLoggedStep == 2)
    #expect(try history("", upTo: 9).epochs.isEmpty && history("no table\n\"", upTo: 9).epochs.isEmpty)
    try FileManager.default.removeItem(at: run.metricsTable)
    #expect(EarlierHistory(of: run, upTo: 9).epochs.isEmpty)
  }
}
