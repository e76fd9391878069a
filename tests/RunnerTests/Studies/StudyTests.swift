import Foundation
import TestSupport
import Testing
import Tracking
import Utils

@testable import Runner

/// Many trainings as one experiment: their runs, their record, and what they say together.
@Suite struct StudyTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  private func cells(_ folder: RunFolder) throws -> [StudyCell] {
    try #require(try StudyRecord(in: folder)).cells
  }

  @Test func everyCombinationWithEverySeedIsARunOfItsOwn() throws {
    let folder = try bench.train(
      "--experiment", "three-blobs", "--sweep", "learning_rate=0.01,0.1", "--sweep", "batch-size=8,16",
      "--seeds", "2", "epochs=2")
    let cells = try cells(folder)
    #expect(cells.count == 8 && Set(cells.map(\.run)).count == 8)
    #expect(Set(cells.map(\.seed)) == [42, 43])
    #expect(cells.first?.values == ["learning_rate": "0.01", "batch_size": "8"])
    for cell in cells {
      let run = try RunFolder.find(cell.run, under: bench.outputs)
      let results = try json(run.results)
      #expect(results["summary"]?["test_accuracy"]?.double == cell.metrics["test_accuracy"])
      #expect(results["seed"]?.int == cell.seed)
      #expect(try text(run.config).contains("batch_size: \(cell.values["batch_size"] ?? "")"))
    }
    #expect(try text(folder.url.appending(path: "runs.csv")).split(separator: "\n").count == 9)
    #expect(try files(in: folder.visualizations).contains("test_accuracy_by_run.png"))
    #expect(try text(folder.report).contains("learning_rate=0.1 batch_size=16"))
    let results = try json(folder.results)
    #expect(results["status"] == "finished" && results["count"] == 8)
    let mean = cells.reduce(0) { $0 + ($1.metrics["test_accuracy"] ?? 0) } / 8
    #expect(abs((results["metrics"]?["accuracy"]?.double ?? 0) - mean) < 1e-9, "the band speaks of the mean")
  }

  @Test func theSameRunAloneGivesTheSameBytes() throws {
    let folder = try bench.train(
      "--experiment", "three-blobs", "--sweep", "learning_rate=0.01,0.1", "--seeds", "2", "epochs=2")
    let cell = try #require(try cells(folder).last)
    let alone = try bench.train("--experiment", "three-blobs", "learning_rate=0.1", "seed=43", "epochs=2")
    let run = try RunFolder.find(cell.run, under: bench.outputs)
    #expect(try Data(contentsOf: run.lastCheckpoint) == Data(contentsOf: alone.lastCheckpoint))
  }

  @Test func aRowMayBeAStudyAndItsBandSpeaksOfAllRuns() throws {
    let folder = try bench.train("--experiment", "two-rates", "epochs=3")
    let results = try json(folder.results)
    let gain = try #require(results["metrics"]?["gain"]?.double)
    let cells = try cells(folder)
    let means = ["0.1", "0.0001"].map { rate in
      StudyMetric.mean("test_accuracy", in: cells, where: ["learning_rate": rate]) ?? .nan
    }
    #expect(abs(gain - (means[0] - means[1])) < 1e-9 && gain > 0)
    #expect(results["within_band"] == true && cells.count == 4)
    let one = try bench.train("--experiment", "two-rates", "epochs=1", "--seeds", "1", "learning_rate=0.1")
    let single = try self.cells(one)
    #expect(single.count == 1, "a given value is not swept")
  }

  @Test(arguments: [
    (["--sweep", "learning_rate"], "names no values"), (["--sweep", "rate=1"], "no setting rate"),
    (["--sweep", "learning_rate=1,x"], "x is no value"), (["--sweep", "learning_rate="], "no value"),
    (["--sweep", "epochs=1,1"], "twice"), (["--sweep", "epochs=1", "--sweep", "epochs=2"], "twice"),
    (["--sweep", "seed=1,2"], "--seeds"), (["--seeds", "0"], "1 to 1000"), (["--seeds", "x"], "1 to 1000"),
    (["--seeds", "501", "--sweep", "epochs=1,2"], "1002 runs"),
    (["--sweep", "learning_rate=0.1,0.10"], "twice"),
    (["--seeds", "2", "seed=9223372036854775807"], "no 2 seeds after it"),
    (["--seeds", "2", "--explain"], "one run"), (["--seeds", "2", "--no-save-checkpoint"], "one run"),
  ]) func whatIsNoStudyIsRefused(arguments: [String], words: String) throws {
    let options = try TrainOptions.parse(["--experiment", "three-blobs", "--log-level", "error"] + arguments)
    expectLabError(mentioning: words, exitCode: 2) {
      try TrainCommand(tinyCatalog, options, in: bench.workspace).run()
    }
  }

  @Test func moreRunsThanCanBeCountedAreRefused() throws {
    let values = (1...1000).map(String.init).joined(separator: ",")
    let keys = ["epochs", "batch_size", "limit", "patience", "decay_every", "accumulate", "swa"]
    let options = try TrainOptions.parse(
      ["--experiment", "three-blobs", "--log-level", "error"]
        + keys.flatMap { ["--sweep", "\($0)=\(values)"] })
    expectLabError(mentioning: "too many to count", "at most 1000 runs", exitCode: 2) {
      try TrainCommand(tinyCatalog, options, in: bench.workspace).run()
    }
  }

  @Test func aRunThatDivergesIsAResult() throws {
    let folder = try bench.train(
      "--experiment", "three-blobs", "--sweep", "weight_decay=0,10", "learning_rate=1000")
    let cells = try cells(folder)
    #expect(cells.map { $0.failure != nil } == [false, true])
    #expect(cells[1].failure?.contains("became") == true && cells[1].metrics.isEmpty)
    #expect(try text(folder.url.appending(path: "runs.csv")).contains("became"))
    #expect(try text(folder.report).contains("Runs without a result"))
    #expect(try json(folder.results)["status"] == "finished")
    try bench.train("--resume", folder.id)
    #expect(try self.cells(folder) == cells, "it would diverge again")
  }

  /// A study of these words, as the command line makes it.
  private func plan(_ words: String...) throws -> StudyPlan {
    let options = try TrainOptions.parse(["--experiment", "two-rates"] + words)
    let command = TrainCommand(tinyCatalog, options, in: bench.workspace)
    let experiment = try tinyCatalog.experiment("two-rates")
    let settings = try command.mergedSettings(experiment, nil)
    let request = StudyRequest(catalog: tinyCatalog, options: options)
    return try #require(try request.plan(experiment, settings, resuming: nil, under: bench.outputs))
  }

  @Test func bothErasAreTwoRunsWhoseRecipesAreTold() throws {
    let both = try plan("era=both")
    #expect(both.study.combinations == [["era": "original"], ["era": "modern"]])
    let recipes = try #require(StudyResult(both, cells: []).tables.first { $0.title.contains("recipes") })
    #expect(recipes.rows == [["batch_size", "8", "16"], ["era", "original", "modern"]])
    let given = StudyResult(try plan("era=both", "batch_size=4"), cells: [])
    #expect(
      !given.tables.contains { $0.title.contains("recipes") }, "what was given is the same in both eras")
  }

  @Test func theConfigurationTellsWhatIsSwept() throws {
    let config = try plan("--seeds", "3").config(tinyCatalog)
    #expect(config["study"]?["runs"] == 6 && config["study"]?["seeds"] == 3)
    #expect(config["study"]?["sweep"]?["learning_rate"] == ["0.0001", "0.1"])
    #expect(try plan("--debug", "--seeds", "3").study.runCount == 2)
    #expect(
      try plan("seed=7").words == [
        "--experiment", "two-rates", "--seeds", "2", "seed=7", "--sweep", "learning_rate=0.0001,0.1",
      ])
    let next = try #require(try plan("momentum=0.5").cells.last)
    #expect(
      try plan("momentum=0.5").words(for: next).suffix(3) == ["momentum=0.5", "learning_rate=0.1", "seed=43"])
  }

  @Test func meanAndDeviation() throws {
    let statistics = try #require(Statistics([1, 2, 6]))
    #expect(statistics.mean == 3 && statistics.deviation == 7.0.squareRoot())
    #expect(statistics.least == 1 && statistics.most == 6)
    #expect(Statistics([4])?.deviation == 0 && Statistics([]) == nil)
  }

  @Test func aStudyIsNoCheckpoint() throws {
    try bench.train("--experiment", "two-rates", "epochs=1")
    expectLabError(mentioning: "is a study of 4 runs", "--checkpoint") {
      try bench.evaluate("--checkpoint", "latest")
    }
  }
}
