import Foundation
import TestSupport
import Testing
import Tracking
import Utils

@testable import Runner

/// Sweep files from the command line to the ranking.
@Suite struct SweepStudyTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  private func file(_ text: String) throws -> String {
    let url = bench.root.appending(path: "sweep.yaml")
    try Data(text.utf8).write(to: url)
    return url.path
  }

  private func record(_ folder: RunFolder) throws -> StudyRecord {
    try #require(try StudyRecord(in: folder))
  }

  private static let grid = """
    method: grid
    metric: {name: val_loss, goal: minimize}
    parameters:
      epochs: {value: 2}
      learning_rate: {values: [0.0001, 0.01, 0.1]}
      batch_size: {values: [8, 16]}
    """

  @Test func runsAreRankedInTableFileAndPicture() throws {
    let folder = try bench.train("--experiment", "three-blobs", "--sweep", try file(Self.grid))
    let cells = try record(folder).cells
    #expect(cells.count == 6 && Set(cells.map(\.run)).count == 6)
    let lines = try text(folder.url.appending(path: "runs.csv")).split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("rank,batch_size,learning_rate,seed,run,"))
    #expect(
      lines.dropFirst().compactMap { $0.split(separator: ",").first } == ["1", "2", "3", "4", "5", "6"])
    let best = try #require(cells.min { ($0.metrics["val_loss"] ?? 9) < ($1.metrics["val_loss"] ?? 9) })
    #expect(lines[1].contains(best.run))
    #expect(try files(in: folder.visualizations).contains("parallel_coordinates.svg"))
    #expect(try text(folder.url.appending(path: "sweep.yaml")) == Self.grid)
    #expect(try text(folder.report).contains("rank"))
    let results = try json(folder.results)
    #expect(
      results["metrics"]?["accuracy"]?.double == best.metrics["test_accuracy"], "the best run is judged")
    let config = try text(RunFolder.find(best.run, under: bench.outputs).config)
    #expect(config.contains("epochs: 2"))
  }

  @Test func theSameCommandGoesOnWithWhatIsUnfinished() throws {
    let words = ["--experiment", "three-blobs", "--sweep", try file(Self.grid)]
    let folder = try bench.train(words)
    var cut = try record(folder)
    let whole = cut.cells
    cut.cells.removeLast(4)
    try cut.write(to: folder)
    try FileManager.default.removeItem(at: folder.results)
    #expect(try bench.train(words).id == folder.id)
    let after = try record(folder).cells
    #expect(after.map(\.values) == whole.map(\.values), "in the same order")
    #expect(after.prefix(2).map(\.run) == whole.prefix(2).map(\.run))
    #expect(after.map { $0.metrics["val_loss"] } == whole.map { $0.metrics["val_loss"] })
    #expect(try bench.train(words).id != folder.id, "what has ended is not gone on with")
  }

  @Test func hyperbandEndsWhatDoesWorse() throws {
    let sweep = """
      method: grid
      metric: {name: val_loss}
      early_terminate: {type: hyperband, min_iter: 1, eta: 2}
      parameters:
        epochs: {value: 6}
        learning_rate: {values: [0.1, 0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.01, 0.2]}
      """
    let folder = try bench.train("--experiment", "three-blobs", "--sweep", try file(sweep))
    let cells = try record(folder).cells
    let stopped = cells.filter { $0.stopped != nil }
    #expect((1...8).contains(stopped.count))
    for cell in stopped {
      let run = try RunFolder.find(cell.run, under: bench.outputs)
      #expect(try text(run.metricsTable).split(separator: "\n").count < 7)
      #expect(try json(run.results)["status"] == "finished")
    }
    #expect(try text(folder.report).contains("Runs that were ended early"))
  }

  @Test func aTargetEndsTheSweep() throws {
    let text = Self.grid.replacing("goal: minimize", with: "goal: minimize, target: 100")
    let folder = try bench.train("--experiment", "three-blobs", "--sweep", try file(text))
    #expect(try record(folder).cells.count == 1)
    #expect(try json(folder.results)["status"] == "finished")
  }

  @Test func aSweptSeedIsTheSeedOfTheRun() throws {
    let text = "method: grid\nparameters: {epochs: {value: 1}, seed: {values: [5, 6]}}"
    let folder = try bench.train("--experiment", "three-blobs", "--sweep", try file(text))
    let cells = try record(folder).cells
    #expect(Set(cells.map(\.seed)) == [5, 6] && Set(cells.map(\.label)) == ["seed=5", "seed=6"])
    for cell in cells {
      let run = try RunFolder.find(cell.run, under: bench.outputs)
      #expect(try json(run.results)["seed"]?.int == cell.seed)
    }
  }

  @Test(arguments: [
    (["learning_rate=0.1"], "learning_rate is given"), (["--learning-rate", "1"], "learning_rate is given"),
    (["--sweep", "momentum=0.1,0.2"], "is a file"), (["--seeds", "0"], "1 to 1000"),
    (["--count", "x"], "--count x is no number"), (["--jobs", "0"], "--jobs 0 is no number"),
    (["--explain"], "one run"),
  ]) func whatContradictsTheFileIsRefused(arguments: [String], words: String) throws {
    let all =
      ["--experiment", "three-blobs", "--log-level", "error", "--sweep", try file(Self.grid)] + arguments
    expectLabError(mentioning: words, exitCode: 2) {
      try TrainCommand(tinyCatalog, try TrainOptions.parse(all), in: bench.workspace).run()
    }
  }

  @Test(arguments: [
    ("{batch_size: {values: [8, x]}}", "parameters.batch_size: x is no value of batch_size"),
    ("{rate: {values: [8]}}", "there is no such setting"),
    ("{epochs: {min: 1, max: 2000}}", "no list of values"),
  ]) func aValueThatNoSettingTakesIsRefused(parameters: String, words: String) throws {
    let path = try file("method: grid\nparameters: \(parameters)")
    expectLabError(mentioning: words, exitCode: 2) {
      try bench.train("--experiment", "three-blobs", "--sweep", path)
    }
  }

  @Test func aMetricThatNoRunHasIsNamed() throws {
    let path = try file(Self.grid.replacing("val_loss", with: "val_los"))
    expectLabError(mentioning: "val_los", "did you mean val_loss?", "test_accuracy", exitCode: 2) {
      try bench.train("--experiment", "three-blobs", "--sweep", path)
    }
    let names = ["train_loss", "train_accuracy", "test_loss", "test_accuracy"]
    #expect("\(Objective.unknown("val_acuracy", in: names))".contains("did you mean test_accuracy?"))
    #expect(RunFolder.all(under: bench.outputs).isEmpty, "before the first run")
    let late = try file(
      Self.grid.replacing("val_loss", with: "test_loss") + "\nearly_terminate: {type: hyperband, min_iter: 1}"
    )
    expectLabError(mentioning: "early_terminate needs a metric of every epoch", "val_loss", exitCode: 2) {
      try bench.train("--experiment", "three-blobs", "--sweep", late)
    }
  }

  @Test func aRunThatHasTrainedItsLastEpochIsNotEndedEarly() throws {
    let sweep = """
      method: grid
      metric: {name: val_loss}
      early_terminate: {type: hyperband, min_iter: 2, eta: 2}
      parameters: {epochs: {value: 4}, learning_rate: {values: [0.1, 0.1001, 0.1002, 0.00001, 0.00002]}}
      """
    let folder = try bench.train("--experiment", "three-blobs", "--sweep", try file(sweep))
    for cell in try record(folder).cells {
      let run = try RunFolder.find(cell.run, under: bench.outputs)
      let epochs = try text(run.metricsTable).split(separator: "\n").count - 1
      #expect((cell.stopped == nil) == (epochs == 4), "\(epochs) epochs, \(cell.stopped ?? "not ended")")
    }
  }

  @Test func aFileThatIsMissingAndAWordWithoutAFileAreNamed() throws {
    expectLabError(mentioning: "there is no sweep file", exitCode: 2) {
      try bench.train("--experiment", "three-blobs", "--sweep", bench.root.path + "/none.yaml")
    }
    expectLabError(mentioning: "sweep.yaml is empty", exitCode: 2) {
      try bench.train("--experiment", "three-blobs", "--sweep", file(""))
    }
    expectLabError(mentioning: "--count limits the runs of a sweep file", exitCode: 2) {
      try bench.train("--experiment", "three-blobs", "--count", "3")
    }
    expectLabError(mentioning: "--jobs is for many runs", exitCode: 2) {
      try bench.train("--experiment", "three-blobs", "--jobs", "3")
    }
  }
}
