import Testing
import Utils

@testable import Engine

/// Reports what it is told to, and keeps a diary of what it was asked.
private final class ScriptedRule: TrainingRule {
  var diary = Diary()
  var stopsAfterEpoch: Int?
  private var step = 0

  func step(_ batch: Batch) throws -> StepResult {
    step += 1
    diary.entries.append("step \(batch.count) \(Mode.current)")
    // a batch of n samples costs n each
    return StepResult(
      count: batch.count, means: [Metric("loss", Double(batch.count))], sums: [Metric("mistakes", 1)])
  }

  func verdict(after epoch: EpochReport) -> Verdict {
    epoch.epoch == stopsAfterEpoch ? .stop(reason: "nothing left", converged: true) : .goOn
  }
}

private final class Diary {
  var entries: [String] = []
}

private final class Witness: Callback {
  let name: String
  let diary: Diary
  var stopsAtStep: Int?
  var stopsAtEpoch: Int?

  init(_ name: String, _ diary: Diary) { (self.name, self.diary) = (name, diary) }

  func fitBegins(_ beginning: FitBeginning) {
    diary.entries.append(
      "\(name) begins at \(beginning.firstEpoch) of \(beginning.epochs): \(beginning.sampleCount)/\(beginning.batchCount)"
    )
  }

  func stepEnded(_ report: StepReport) -> Verdict {
    diary.entries.append(
      "\(name) step \(report.epoch).\(report.step) batch \(report.batch)/\(report.batchCount)")
    return report.step == stopsAtStep ? .stop(reason: "\(name) saw step \(report.step)") : .goOn
  }

  func epochEnded(_ report: EpochReport) -> Verdict {
    diary.entries.append("\(name) epoch \(report.epoch).\(report.step)")
    return report.epoch == stopsAtEpoch ? .stop(reason: "\(name) saw epoch \(report.epoch)") : .goOn
  }

  func fitEnded(_ report: FitReport) { diary.entries.append("\(name) ended: \(report.reason)") }
}

@Suite("Trainer")
struct TrainerTests {
  private let data = GivenBatches(batches: [.zeros(4), .zeros(4), .zeros(1)])

  @Test("weights an epoch's means by the number of examples and adds its counts")
  func weighting() throws {
    let report = try Trainer(epochs: 2, measure: { [Metric("val_accuracy", 0.5)] }).fit(
      ScriptedRule(), on: data)
    let metrics = try #require(report.history.first?.metrics)
    #expect(metrics.map(\.name) == ["train_loss", "train_mistakes", "val_accuracy"])
    #expect(metrics["train_loss"] == 33.0 / 9)
    #expect(metrics["train_mistakes"] == 3)
    #expect(report.history.count == 2 && report.epochs == 2 && report.steps == 6 && !report.converged)
    #expect(report.reason == "2 epochs were asked for")
  }

  @Test("a batch of no examples does not count")
  func emptyBatch() {
    var totals = EpochTotals()
    totals.add(StepResult(count: 2, means: [Metric("loss", 3)]))
    totals.add(StepResult(count: 0, means: [Metric("loss", .nan)]))
    #expect(totals.metrics(prefix: "train_") == [Metric("train_loss", 3)])
  }

  @Test("F1 of an epoch comes from the confusion of its steps, also where a process ended inside of it")
  func confusion() throws {
    var first = ConfusionMatrix(classes: 2)
    first.add(predicted: [0, 1, 1], actual: [0, 1, 0])
    var second = ConfusionMatrix(classes: 2)
    second.add(predicted: [1], actual: [1])
    var place = TrainingPosition()
    place.add(StepResult(count: 3, means: [Metric("loss", 1)], confusion: first))
    let json = place.json
    place = try #require(TrainingPosition(json: json))
    #expect(place.json == json)
    place.add(StepResult(count: 1, means: [Metric("loss", 1)], confusion: second))
    let metrics = place.endEpoch().metrics(prefix: "train_")
    first += second
    #expect(metrics.map(\.name) == ["train_loss", "train_f1_macro", "train_f1_weighted"])
    #expect(metrics["train_f1_macro"] == first.macro.f1 && first.macro.f1 > 0)
    for counts: JSONValue in [[1, 2, 3], [1, -1, 0, 0], ["a"], []] {
      var (members, totals) = (json.object ?? [:], json["totals"]?.object ?? [:])
      totals["confusion"] = counts
      members["totals"] = .object(totals)
      let broken = JSONValue.object(members)
      #expect(TrainingPosition(json: broken) == nil, "\(counts)")
    }
  }

  @Test("asks the four hooks of all callbacks in their order")
  func order() throws {
    let rule = ScriptedRule()
    let callbacks = [Witness("a", rule.diary), Witness("b", rule.diary)]
    let small = GivenBatches(batches: [.zeros(2), .zeros(1)])
    _ = try Trainer(epochs: 1, callbacks: callbacks).fit(rule, on: small)
    let expected: [String] = [
      "a begins at 1 of 1: 3/2", "b begins at 1 of 1: 3/2",
      "step 2 training", "a step 1.1 batch 1/2", "b step 1.1 batch 1/2",
      "step 1 training", "a step 1.2 batch 2/2", "b step 1.2 batch 2/2",
      "a epoch 1.2", "b epoch 1.2", "a ended: 1 epochs were asked for", "b ended: 1 epochs were asked for",
    ]
    #expect(rule.diary.entries == expected)
  }

  @Test("stops after the step of the first verdict, whose reason stands")
  func stopping() throws {
    let rule = ScriptedRule()
    let callbacks = [Witness("a", rule.diary), Witness("b", rule.diary), Witness("c", rule.diary)]
    callbacks[1].stopsAtStep = 5
    callbacks[2].stopsAtStep = 5
    callbacks[0].stopsAtEpoch = 2
    let report = try Trainer(epochs: 9, callbacks: callbacks).fit(rule, on: data)
    #expect(report.reason == "b saw step 5" && !report.converged)
    #expect(report.steps == 5 && report.epochs == 1 && report.position.batches == 2)
    #expect(
      rule.diary.entries.filter { $0.hasPrefix("c step") }.count == 5, "everyone is told of the last step")
    #expect(rule.diary.entries.filter { $0.hasPrefix("step") }.count == 5)
  }

  @Test("a training that goes on inside an epoch ends with the same numbers")
  func goingOnInsideAnEpoch() throws {
    let whole = try Trainer(epochs: 3).fit(ScriptedRule(), on: data)
    for step in 1...8 {
      let first = Trainer(epochs: 3, callbacks: [stopper(after: step)])
      let place = try first.fit(ScriptedRule(), on: data).position
      #expect(place.steps == step && place == TrainingPosition(json: place.json))
      let rest = try Trainer(epochs: 3).fit(ScriptedRule(), on: data, after: place)
      #expect(rest.position == whole.position)
      #expect(rest.history.map(\.metrics) == whole.history.suffix(rest.history.count).map(\.metrics))
      #expect(rest.history.count == 3 - place.epochs)
    }
  }

  private func stopper(after step: Int) -> Witness {
    let witness = Witness("a", ScriptedRule().diary)
    witness.stopsAtStep = step
    return witness
  }

  @Test("a place that cannot be is none")
  func places() {
    for json: JSONValue in [
      nil, [:], ["epoch": 1], ["epoch": -1, "step": 0], ["epoch": 0, "step": 4, "batch": 1],
      ["epoch": 0, "step": 4, "batch": 5, "totals": ["means": [], "sums": []]],
      ["epoch": 0, "step": 4, "batch": 1, "totals": ["means": [["loss", 1]], "sums": []]],
    ] { #expect(TrainingPosition(json: json) == nil) }
  }

  @Test("a rule that has learnt all there is ends the training before a callback does")
  func converging() throws {
    let rule = ScriptedRule()
    rule.stopsAfterEpoch = 3
    let callback = Witness("a", rule.diary)
    callback.stopsAtEpoch = 3
    let report = try Trainer(epochs: 9, callbacks: [callback]).fit(rule, on: data)
    #expect(report.epochs == 3 && report.converged && report.reason == "nothing left")
  }

  @Test("a resumed training goes on counting; one that is over does nothing")
  func resuming() throws {
    let rule = ScriptedRule()
    let callback = Witness("a", rule.diary)
    let report = try Trainer(epochs: 3, callbacks: [callback]).fit(
      rule, on: data, after: TrainingPosition(epochs: 2, steps: 6))
    #expect(report.epochs == 3 && report.steps == 9 && report.history.map(\.epoch) == [3])
    #expect(rule.diary.entries.first == "a begins at 3 of 3: 9/3")
    #expect(rule.diary.entries.contains("a step 3.7 batch 1/3"))
    let over = try Trainer(epochs: 3).fit(rule, on: data, after: TrainingPosition(epochs: 3, steps: 9))
    #expect(over.history.isEmpty && over.steps == 9)
  }

  @Test("what goes wrong in the loader comes out")
  func loaderError() {
    let damage = LabError(.data, "x.png is damaged", remedy: "copy it")
    let broken = GivenBatches(batches: [.zeros(2)], failure: damage)
    #expect(throws: damage) { try Trainer(epochs: 1).fit(ScriptedRule(), on: broken) }
  }
}

@Suite("Early stopping")
struct EarlyStoppingTests {
  static let table: [(name: String, metric: String, margin: Double, values: [Double], stopsAfter: Int?)] = [
    ("gets better", "val_loss", 0, [5, 4, 3, 2, 1], nil),
    ("stays", "val_loss", 0, [5, 4, 4, 4, 3], 4),
    ("worse, then better in time", "val_loss", 0, [5, 6, 4, 5, 3], nil),
    ("larger is better", "val_accuracy", 0, [0.5, 0.6, 0.6, 0.6, 0.9], 4),
    ("too small a step", "val_loss", 0.5, [5, 4.8, 4.6, 1, 1], 3),
    ("NaN is never better", "val_loss", 0, [.nan, .nan, 3, 2, 1], 2),
    ("NaN in between", "val_loss", 0, [3, .nan, 2, .nan, .nan], 5),
  ]

  @Test("ends after two epochs without an improvement", arguments: table)
  func patience(_ row: (name: String, metric: String, margin: Double, values: [Double], stopsAfter: Int?))
    throws
  {
    let stopping = EarlyStopping(watching: row.metric, patience: 2, margin: row.margin)
    var stoppedAfter: Int?
    for (place, value) in row.values.enumerated() where stoppedAfter == nil {
      let verdict = try stopping.epochEnded(Self.report(place + 1, Metric(row.metric, value)))
      if verdict != .goOn {
        #expect(verdict == .stop(reason: "\(row.metric) has not become better for 2 epochs"))
        stoppedAfter = place + 1
      }
    }
    #expect(stoppedAfter == row.stopsAfter, "\(row.name)")
  }

  @Test("goes on in another process where it was")
  func restoring() throws {
    let (first, second) = (
      EarlyStopping(watching: "loss", patience: 2), EarlyStopping(watching: "loss", patience: 2)
    )
    #expect(try first.epochEnded(Self.report(1, Metric("loss", 1))) == .goOn)
    #expect(try first.epochEnded(Self.report(2, Metric("loss", 2))) == .goOn)
    try second.restore(JSONValue(parsing: first.state.text()), after: 2)
    #expect(try second.epochEnded(Self.report(3, Metric("loss", 1.5))) != .goOn)
  }

  @Test("a best epoch that has not been yet, or none, is refused", arguments: [3, -1, nil] as [Int?])
  func impossible(epoch: Int?) {
    let state: JSONValue = ["best": 1, "best_epoch": epoch.map { .integer(Int64($0)) } ?? nil]
    let error = #expect(throws: LabError.self) {
      try EarlyStopping(watching: "loss", patience: 2).restore(state, after: 2)
    }
    #expect(error?.cause == "the checkpoint claims its best loss for epoch \(epoch ?? -1) of 2")
  }

  @Test("names what it could watch when the metric is not measured")
  func unknownMetric() {
    let stopping = EarlyStopping(watching: "val_f1", patience: 1)
    let error = #expect(throws: LabError.self) {
      try stopping.epochEnded(Self.report(1, Metric("train_loss", 1)))
    }
    #expect(error?.remedy == "watch one of train_loss")
  }

  @Test("knows the goal of a metric by its name")
  func goals() {
    for name in ["loss", "val_loss", "train_mistakes", "test_error"] { #expect(Goal(of: name) == .minimize) }
    for name in ["accuracy", "val_f1_macro", "roc_auc"] { #expect(Goal(of: name) == .maximize) }
    #expect(Goal.maximize.isBetter(2, than: 1) && !Goal.maximize.isBetter(1, than: 1))
    #expect(Goal.minimize.isBetter(1, than: 2, by: 0.5) && !Goal.minimize.isBetter(1.6, than: 2, by: 0.5))
  }

  private static func report(_ epoch: Int, _ metric: Metric) -> EpochReport {
    EpochReport(epoch: epoch, step: epoch, metrics: [metric], seconds: 0, totalSeconds: 0)
  }
}

@Suite("A target that ends training")
struct TargetReachedTests {
  @Test(
    "stops at the first value that is good enough",
    arguments: [
      ("val_accuracy", [0.5, 0.89, 0.9, 0.8], 3), ("val_accuracy", [0.95], 1), ("val_accuracy", [0.8], nil),
      ("val_loss", [1, 0.91, 0.9], 3), ("val_loss", [0.1], 1), ("val_loss", [.nan, 2], nil),
    ] as [(String, [Double], Int?)])
  func target(_ metric: String, values: [Double], stopsAfter: Int?) throws {
    let target = TargetReached(watching: metric, target: 0.9)
    let verdicts = try values.enumerated().map { place, value in
      try target.epochEnded(
        EpochReport(
          epoch: place + 1, step: 1, metrics: [Metric(metric, value)], seconds: 0, totalSeconds: 0))
    }
    #expect(verdicts.firstIndex { $0 != .goOn }.map { $0 + 1 } == stopsAfter)
    if let stopsAfter {
      #expect(verdicts[stopsAfter - 1] == .stop(reason: "\(metric) reached the target of 0.9"))
    }
  }

  @Test("names what it could watch when the metric is not measured")
  func unknownMetric() {
    let error = #expect(throws: LabError.self) {
      try TargetReached(watching: "val_f1", target: 1).epochEnded(
        EpochReport(epoch: 1, step: 1, metrics: [Metric("train_loss", 1)], seconds: 0, totalSeconds: 0))
    }
    #expect(error?.remedy == "watch one of train_loss")
  }
}
