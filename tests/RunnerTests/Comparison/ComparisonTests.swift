import Foundation
import Plotting
import TestSupport
import Testing
import Tracking
import Utils

@testable import Runner

/// Runs that were made here, found again and put side by side.
@Suite(.serialized) struct ComparisonTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  private func model(_ arguments: String...) throws -> ComparedModel {
    let options = try TrainOptions.parse(["--experiment", "blobs"] + arguments)
    var model = try #require(
      ComparedModel(ModelDescription(tinyCatalog, options).json, card: try ModelCard(tinyCard, name: "card")))
    for seed in 1...9 {
      let seeded = try TrainOptions.parse(["--experiment", "blobs", "--seed", "\(seed)"] + arguments)
      let counting = NetworkCounting(catalog: tinyCatalog, options: seeded)
      model.take(counted: try JSONValue(parsing: counting.json(input: "auto").text()), seed: seed)
    }
    return model
  }

  private func database() throws -> ExperimentDatabase {
    try ExperimentDatabase(bench.workspace.database, create: false)
  }

  @Test func aModelIsWhatItsProgramAndItsCardSay() throws {
    let model = try model("seed=7")
    #expect(model.folder == "99_tiny" && model.title == "Tiny classifier" && model.year == 2000)
    #expect(model.experiment == "three-blobs" && model.parameters == 9 && model.multiplyAdds == 6)
    #expect(model.settings["learning_rate"] == "0.1" && model.seeds(3) == [7, 8, 9])
    let missing = try ModelDescription(tinyCatalog, TrainOptions.parse(["--experiment", "mnist"])).json
    #expect(ComparedModel(missing, card: nil) == nil)
  }

  @Test func finishedRunsAreFoundBySettingsSeedAndData() throws {
    let run = try bench.train("--experiment", "blobs", "--epochs", "2", "--seed", "5")
    let search = RunSearch(try database())
    #expect(try search.finished(model("--epochs", "2"), seed: 5)?.id == run.id)
    #expect(try search.finished(model("--epochs", "2"), seed: 6) == nil)
    #expect(try search.finished(model("--epochs", "3"), seed: 5) == nil)
    #expect(try search.finished(model("--epochs", "2", "gentle=true"), seed: 5) == nil)
    var other = try model("--epochs", "2")
    other.fingerprints[5] = "of other data"
    #expect(try search.finished(other, seed: 5) == nil)
    #expect(try search.stopped(model("--epochs", "2"), seed: 5) == nil)
  }

  @Test func aRunWithWeightsFromElsewhereIsNotUsed() throws {
    let first = try bench.train("--experiment", "blobs", "--epochs", "1", "--seed", "5")
    try bench.train(
      "--experiment", "blobs", "--epochs", "2", "--seed", "5", "--load-checkpoint", first.id)
    #expect(try RunSearch(database()).finished(model("--epochs", "2"), seed: 5) == nil)
  }

  @Test func theTableTheReportAndItsPicturesTellAllRuns() throws {
    for seed in ["1", "2"] { try bench.train("--experiment", "blobs", "--seed", seed) }
    let (database, model) = (try database(), try model())
    let runs = try [1, 2].map { seed in
      try ComparedRun(
        seed: seed, #require(try RunSearch(database).finished(model, seed: seed)), in: database)
    }
    let failed = ComparisonRow(model, [ComparedRun(seed: 3, failure: "the disk is full; free some.")])
    let comparison = Comparison(
      name: "test", experiment: "blobs", rows: [ComparisonRow(model, runs), failed], command: "lab compare x")
    let accuracies = runs.compactMap { $0.record?.summary["test_accuracy"] }
    let mean = (accuracies[0] + accuracies[1]) / 2
    let cells = comparison.cells[0]
    #expect(Array(cells[..<5]) == ["2000", "99_tiny", "9", "6", "4"])
    #expect(
      cells[7] == "test \(figure(mean)) ± \(figure(abs(accuracies[0] - accuracies[1]) / 2.0.squareRoot()))")
    #expect(cells[8].hasPrefix("test accuracy >= 0.9: ") && cells[9] == "100 % (Nobody 2000)")
    #expect(comparison.cells[1][7] == "1 of 1 runs failed")
    #expect(comparison.failures == ["99_tiny, seed 3: the disk is full; free some."])

    let painter = try #require(RegionPainter(bench.plan("blobs").data, title: "x"))
    let regions = try painter.figure(of: bench.plan("blobs").network(), subtitle: "s")
    let folder = bench.root.appending(path: "compare")
    let files = try comparison.write(to: folder, regions: ["99_tiny": regions], database)
    let names = [
      "accuracy_by_multiply_adds", "accuracy_by_parameters", "accuracy_by_year", "decision_regions",
      "learning_curves",
    ]
    #expect(
      files.map(\.lastPathComponent).sorted()
        == (names.flatMap { ["\($0).png", "\($0).svg"] } + ["report.html", "results.json"]).sorted())
    let page = try text(folder.appending(path: "report.html"))
    for words in ["blobs, side by side", "the disk is full; free some.", "lab compare x", "<svg", "99_tiny"] {
      #expect(page.contains(words), "\(words)")
    }
    let curves = try text(folder.appending(path: "learning_curves.svg"))
    #expect(!curves.contains("no finite values"))
    let results = try json(folder.appending(path: "results.json"))["models"]?.array?.first
    #expect(results?["mean"]?.double == mean && results?["runs"]?.array?.count == 2)
  }

  @Test func regionsSurviveTheirWayThroughJSON() throws {
    let plan = try bench.plan("blobs")
    let regions = try #require(RegionPainter(plan.data, title: "blobs")).figure(
      of: plan.network(), subtitle: "s")
    let copy = try #require(
      DecisionRegions(json: JSONValue(parsing: regions.json.text()), title: "blobs"))
    #expect(copy.cells == regions.cells && copy.examples == regions.examples)
    #expect(copy.xRange == regions.xRange && copy.classNames == regions.classNames)
    for damaged: JSONValue in [[:], ["cells": [0, 5]], ["x_range": [1, 0]]] {
      #expect(DecisionRegions(json: damaged, title: "x") == nil)
    }
  }

  /// A comparison or a study goes on in its folder, which somebody may have put a link into meanwhile.
  @Test func linksInAFolderThatGoesOnAreRefused() throws {
    let (folder, elsewhere) = (
      bench.root.appending(path: "compare/linked"), bench.root.appending(path: "away")
    )
    for place in [folder, elsewhere] {
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    }
    try FileManager.default.createSymbolicLink(
      at: folder.appending(path: "logs"), withDestinationURL: elsewhere)
    expectLabError(mentioning: "compare/linked/logs is a symbolic link", "remove the link") {
      try FolderLock.comparison(folder)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.path).isEmpty)
  }

  @Test func twoCannotMakeOneComparison() throws {
    let folder = bench.root.appending(path: "compare/mnist")
    let first = try FolderLock.comparison(folder)
    expectLabError(mentioning: "the comparison mnist is being made by process \(getpid())", "--name") {
      try FolderLock.comparison(folder)
    }
    withExtendedLifetime(first) {}
    #expect(throws: Never.self) { try FolderLock.comparison(bench.root.appending(path: "compare/other")) }
  }
}
