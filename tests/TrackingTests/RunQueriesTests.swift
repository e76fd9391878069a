import Foundation
import Testing
import Utils

@testable import Tracking

/// A database of five runs, a minute apart; the last is still running.
private func withRuns(_ body: (ExperimentDatabase) throws -> Void) throws {
  try withFolder { outputs in
    let database = try ExperimentDatabase(outputs.appendingPathComponent("experiments.sqlite"))
    func add(
      _ id: String, _ minute: Double, experiment: String = "xor", model: String = "01_perceptron",
      rate: Double = 0.1,
      tags: [String] = [], _ outcome: RunOutcome?
    ) throws {
      let run = sampleRun(
        id: id, experiment: experiment, model: model,
        config: ["epochs": 10, "optimizer": ["learning_rate": .number(rate)]], tags: tags,
        started: sampleDate.addingTimeInterval(60 * minute))
      try record(run, outcome, in: database)
    }
    try add("aaa111", 0, tags: ["course"], sampleOutcome(accuracy: 0.5, extra: [("val_loss", 0.9)]))
    try add("aaa222", 1, rate: 0.01, sampleOutcome(accuracy: 0.75, extra: [("val_loss", 0.7)]))
    try add("bbb333", 2, sampleOutcome(.failed, accuracy: 0.99, extra: [("val_loss", 0.1)]))
    try add(
      "ccc444", 3, experiment: "moons", model: "03_mlp", tags: ["course"], sampleOutcome(accuracy: .nan))
    try add("ddd555", 4, nil)
    try body(database)
    try database.close()
  }
}

@Suite struct RunQueriesTests {
  @Test func recentRunsAreFiltered() throws {
    try withRuns { database throws in
      #expect(try database.runs().map(\.id) == ["ddd555", "ccc444", "bbb333", "aaa222", "aaa111"])
      #expect(try database.runs(limit: 2).map(\.id) == ["ddd555", "ccc444"])
      #expect(try database.runs(RunFilter(experiment: "xor", tag: "course")).map(\.id) == ["aaa111"])
      #expect(try database.runs(RunFilter(model: "03_mlp")).map(\.id) == ["ccc444"])
      #expect(try database.runs(RunFilter(status: .failed)).map(\.id) == ["bbb333"])
      #expect(try database.runs(RunFilter(tag: "' OR TRUE --")).isEmpty)
    }
  }

  @Test func aRunIsFoundByAPrefix() throws {
    try withRuns { database in
      #expect(try database.run("ccc").record.id == "ccc444")
      #expect(try database.run("ddd555").record.ended == nil)
      let two = try labError { try database.run("aaa") }
      #expect(two.cause.contains("begins 2 runs in") && two.cause.hasSuffix("aaa222, aaa111"))
      let typo = try labError { try database.run("ccd444") }
      #expect(typo.remedy.hasPrefix("did you mean ccc444?"))
    }
  }

  @Test func architecturesAreComparedByTheirFinishedRuns() throws {
    try withRuns { database throws in
      let (metric, rows) = try database.architectures(of: "xor", by: "accuracy")
      #expect(metric == "all_accuracy" && rows.count == 1)
      #expect(rows[0].architecture == "Perceptron" && rows[0].runs == 2 && rows[0].mean == 0.625)
      #expect(abs((rows[0].deviation ?? 0) - 0.176_776_695) < 1e-8 && rows[0].best == 0.75)
      let losses = try database.architectures(of: "xor", by: "val_loss").rows
      #expect(losses[0].best == 0.7)
      let nothing = try labError { try database.architectures(of: "moons", by: "accuracy") }
      #expect(nothing.exitCode == 2)
    }
  }

  @Test func aRunWhoseProcessWasKilledGetsAnEnd() throws {
    try withRuns { database throws in
      for id in ["ddd555", "aaa111"] { try database.endAbandoned(id, reason: "broke off") }
      let killed = try database.run("ddd555").record
      #expect(killed.status == .killed && killed.reason == "broke off" && killed.checkpointSHA256 == nil)
      let last = Artifact(
        url: killed.folder.appendingPathComponent("models/last.safetensors"), kind: "checkpoint",
        sha256: "abad1dea")
      try database.endAbandoned("ddd555", reason: "run abc went on", checkpoint: last)
      #expect(try database.runs(thatMade: "abad1dea").map(\.id) == ["ddd555"])
      #expect(try database.run("ddd555").artifacts.contains(last))
      #expect(try database.run("aaa111").record.status == .finished, "it has an end of its own")
    }
  }

  @Test func aRunThatWasMovedIsToldWhereItLies() throws {
    try withRuns { database throws in
      try database.move("aaa111", to: URL(fileURLWithPath: "/elsewhere/20261121-000000-aaa111"))
      #expect(try database.run("aaa111").record.folder.path == "/elsewhere/20261121-000000-aaa111")
    }
  }

  @Test func theMakersOfAFileAreFoundByItsSum() throws {
    try withRuns { database throws in
      #expect(try database.runs(thatMade: "feed").map(\.id) == ["aaa111", "aaa222", "bbb333", "ccc444"])
      #expect(try database.runs(thatMade: "beef").isEmpty)
    }
  }

  @Test func aRunIsExportedAsATableAndAsJSON() throws {
    try withRuns { database throws in
      let run = try database.run("aaa222")
      let folder = run.record.folder
      let rows = [(1, 1, [("loss", 0.5)]), (2, 1, [("loss", .nan), ("accuracy", 1.0)])]
      try database.append(
        rows.map { .metrics(MetricRow(step: $0.0, epoch: $0.1, metrics: $0.2)) }, run: "aaa222",
        folder: folder)
      let export = try RunExport(database.run("aaa222"), in: database)
      #expect(export.csv == "step,epoch,accuracy,loss\n1,1,,0.5\n2,1,1.0,nan\n")
      let json = export.json
      #expect(json["summary"]?["all_accuracy"]?.double == 0.75 && json["seed"]?.string == "42")
      #expect(json["parameters"]?["optimizer.learning_rate"]?.string == "0.01")
      #expect(json["history"]?["loss"]?.array?[1]["value"] == JSONValue.null)
      #expect(try JSONValue(parsing: json.text()) == json, "it is JSON")
    }
  }

  @Test func theBestIsOfFinishedRuns() throws {
    try withRuns { database in
      let accurate = try database.best(of: "xor", by: "accuracy")
      #expect(accurate.run.id == "aaa222" && accurate.metric == "all_accuracy" && accurate.value == 0.75)
      #expect(accurate.direction == .higher)
      let low = try database.best(of: "xor", by: "val_loss")
      #expect(low.run.id == "aaa222" && low.value == 0.7 && low.direction == .lower)
    }
  }

  @Test func withoutABestTheKnownNamesAreListed() throws {
    try withRuns { database in
      let metric = try labError { try database.best(of: "xor", by: "acuracy") }
      #expect(metric.remedy == "use one of all_accuracy, val_loss")
      let experiment = try labError { try database.best(of: "mons", by: "accuracy") }
      #expect(experiment.remedy == "did you mean moons?")
      #expect(throws: LabError.self) { try database.best(of: "moons", by: "accuracy") }
    }
  }

  @Test(arguments: [
    ("accuracy", MetricDirection.higher), ("test_f1_macro", .higher), ("auc", .higher),
    ("train_loss", .lower),
    ("val-error", .lower), ("test_MAE", .lower), ("lossless_share", .higher),
  ])
  func theNameTellsTheDirection(name: String, direction: MetricDirection) {
    #expect(MetricDirection(of: name) == direction)
  }

  @Test func aComparisonShowsWhatDiffers() throws {
    try withRuns { database in
      let some = try database.compare(["aaa111", "aaa222"])
      #expect(some.settings.map(\.name) == ["optimizer.learning_rate"])
      #expect(some.settings[0].values == ["0.1", "0.01"])
      #expect(some.figures.map(\.name) == ["all_accuracy", "val_loss"])
      #expect(some.figures[1].values == [0.9, 0.7])

      let all = try database.compare(["aaa111", "ccc", "ddd"], all: true)
      #expect(
        all.settings.map(\.name) == [
          "model", "architecture", "experiment", "dataset", "seed", "commit", "epochs",
          "optimizer.learning_rate",
        ])
      #expect(all.settings.filter(\.differs).map(\.name) == ["model", "experiment"])
      #expect(all.settings[5].values[0] == "2f1a with changes")
      #expect(all.figures[1].values == [0.9, nil, nil])
      #expect(throws: LabError.self) { try database.compare(["aaa111"]) }
    }
  }

  @Test func aMetricWithoutHistoryIsEmpty() throws {
    try withRuns { database throws in #expect(try database.history(of: "none", in: "aaa111").isEmpty) }
  }
}
