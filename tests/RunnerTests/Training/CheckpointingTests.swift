import Foundation
import Testing
import Utils

@testable import Engine
@testable import Runner

@Suite struct CheckpointingTests {
  private let bench: Bench
  private let parameter = Parameter(Tensor([0], shape: [1]))
  /// Gradients are being gathered.
  private let open = Flag()
  /// Where training ended inside an epoch.
  private var interrupted: TrainingPosition?
  private var last: URL { bench.root.appending(path: "last.safetensors") }
  private var best: URL { bench.root.appending(path: "best.safetensors") }

  init() throws { bench = try Bench() }

  private final class Flag { var value = false }

  private final class OneNumber: Module {
    let number: Parameter
    init(_ number: Parameter) { self.number = number }
  }

  private func checkpointing(
    _ monitor: String = "val_accuracy", rhythm: CheckpointRhythm = .patient, keepRecent: Int = 0
  ) -> Checkpointing {
    Checkpointing(
      monitor: monitor, last: last, best: best, rhythm: rhythm, keepRecent: keepRecent,
      canPause: { [open] in !open.value }
    ) { [parameter] place, metrics, best in
      Checkpoint(
        of: OneNumber(parameter),
        lab: [
          "position": place.json, "best": best,
          "metrics": .object(Dictionary(metrics.map { ($0.name, .number($0.value)) }) { $1 }),
        ])
    }
  }

  private func begin(_ saving: Checkpointing, after epochs: Int = 0) throws {
    try saving.fitBegins(
      FitBeginning(epochs: 9, firstEpoch: epochs + 1, sampleCount: 4, batchCount: 2))
  }

  /// Lets an epoch of two batches pass that ends with `value` of the metric and the epoch's number as the weight.
  private mutating func run(
    _ saving: Checkpointing, epoch: Int, _ value: Double, batches: Int = 2, metric: String = "val_accuracy"
  ) throws {
    var place = TrainingPosition(epochs: epoch - 1, steps: epoch * 2 - 2)
    for batch in 1...batches {
      parameter.update { $0[0] = Float(epoch) - 1 + Float(batch) / 2 }
      let result = StepResult(count: 2, means: [Metric("loss", Double(batch))])
      place.add(result)
      let position = StepPosition(epoch: epoch, step: epoch * 2 - 2 + batch, batch: batch, batchCount: 2)
      _ = try saving.stepEnded(StepReport(position: position, result: result, place: place))
    }
    guard batches == 2 else { return interrupted = place }
    _ = try saving.epochEnded(
      EpochReport(
        epoch: epoch, step: epoch * 2 - 2 + batches, metrics: [Metric(metric, value)], seconds: 0,
        totalSeconds: 0))
  }

  private func end(_ saving: Checkpointing, epochs: Int) throws {
    try saving.fitEnded(
      FitReport(
        position: interrupted ?? TrainingPosition(epochs: epochs), reason: "", converged: false, history: [],
        seconds: 0))
  }

  private func saved(_ url: URL) throws -> (weight: Float, epoch: Int?, best: Int?) {
    let checkpoint = try Checkpoint(contentsOf: url)
    let network = OneNumber(Parameter(Tensor([-1], shape: [1])))
    try checkpoint.load(into: network)
    return (
      network.number.value.scalar, checkpoint.lab["position"]?["epoch"]?.int,
      checkpoint.lab["best"]?["epoch"]?.int
    )
  }

  @Test mutating func keepsTheLastEpochAndTheFirstOfTheBest() throws {
    let saving = checkpointing()
    try begin(saving)
    for (epoch, value) in [(1, 0.5), (2, 0.9), (3, 0.9), (4, .nan), (5, 0.7)] {
      try run(saving, epoch: epoch, value)
    }
    try end(saving, epochs: 5)
    #expect(try saved(last) == (5, 5, 2))
    #expect(try saved(best) == (2, 2, 2))
  }

  @Test mutating func ofALossTheSmallestIsTheBest() throws {
    let saving = checkpointing("val_loss")
    try begin(saving)
    for (epoch, value) in [(1, 0.5), (2, 0.3), (3, 0.4)] {
      try run(saving, epoch: epoch, value, metric: "val_loss")
    }
    try end(saving, epochs: 3)
    #expect(try saved(best) == (2, 2, 2))
  }

  @Test mutating func aMetricThatIsNotMeasuredKeepsTheLastAsTheBest() throws {
    let saving = checkpointing()
    try begin(saving)
    for epoch in 1...3 { try run(saving, epoch: epoch, 0.5, metric: "train_accuracy") }
    try end(saving, epochs: 3)
    #expect(try saved(last) == (3, 3, nil))
    #expect(try saved(best) == (3, 3, nil))
  }

  @Test mutating func nothingIsWrittenAfterAnEpochThatTookNoTime() throws {
    let saving = checkpointing()
    try begin(saving)
    for epoch in 1...20 { try run(saving, epoch: epoch, 0.5) }
    #expect(try files(in: bench.root).isEmpty)
    try end(saving, epochs: 20)
    #expect(try files(in: bench.root) == ["best.safetensors", "last.safetensors"])
  }

  @Test mutating func anEpochThatWasInterruptedIsKeptAsFarAsItCame() throws {
    let saving = checkpointing()
    try begin(saving)
    try run(saving, epoch: 1, 0.5)
    try run(saving, epoch: 2, 0.9, batches: 1)
    try end(saving, epochs: 1)
    #expect(try saved(last) == (1.5, 1, 1))
    #expect(try saved(best) == (1, 1, 1))
    let place = try #require(TrainingPosition(json: Checkpoint(contentsOf: last).lab["position"] ?? nil))
    #expect(place == interrupted && place.batches == 1 && place.steps == 3)
  }

  @Test mutating func whatWasGatheredForAnUpdateIsNotPartOfAState() throws {
    let saving = checkpointing(rhythm: .steps(1))
    try begin(saving)
    open.value = true
    try run(saving, epoch: 1, 0.9, batches: 1)
    try end(saving, epochs: 0)
    #expect(try saved(last) == (0, 0, nil))
    #expect(saving.kept?.lab["position"]?["step"]?.int == 0)
  }

  @Test mutating func theRhythmDecidesWhatIsWrittenOnTheWay() throws {
    let saving = checkpointing(rhythm: .steps(3), keepRecent: 2)
    try begin(saving)
    var seen: [[String]] = []
    for epoch in 1...6 {
      try run(saving, epoch: epoch, 0.5)
      seen.append(try files(in: bench.root).filter { $0.hasPrefix("step") })
    }
    // Steps 3, 6, 9 and 12; of 3 and 9 inside an epoch.
    let names = [3, 6, 9, 12].map { "step-\($0 < 10 ? "00000" : "0000")\($0).safetensors" }
    #expect(
      seen == [
        [], [names[0]], [names[0], names[1]], [names[0], names[1]], [names[1], names[2]],
        [names[2], names[3]],
      ])
    #expect(try saved(bench.root.appending(path: names[2])) == (4.5, 4, 1))
    #expect(try saved(last) == (6, 6, 1))
  }

  @Test func aRhythmIsReadOrRefused() throws {
    #expect(try CheckpointRhythm("5steps") == .steps(5))
    #expect(try CheckpointRhythm("1 epoch") == .epochs(1))
    for text in ["", "steps", "0steps", "-1epochs", "5", "5 minutes", "99999999999999999999steps"] {
      #expect(throws: LabError.self) { try CheckpointRhythm(text) }
    }
  }

  @Test mutating func goesOnFromTheBestOfAnEarlierRun() throws {
    let first = checkpointing()
    try begin(first)
    for (epoch, value) in [(1, 0.5), (2, 0.9), (3, 0.6)] { try run(first, epoch: epoch, value) }
    try end(first, epochs: 3)
    let (lastBytes, bestBytes) = (try Data(contentsOf: last), try Data(contentsOf: best))

    let second = checkpointing()
    second.restore(try Checkpoint(contentsOf: last), best: try Checkpoint(contentsOf: best))
    try FileManager.default.removeItem(at: best)
    try begin(second, after: 3)
    try end(second, epochs: 3)
    #expect(try Data(contentsOf: last) == lastBytes, "no epoch was left to run")
    #expect(try Data(contentsOf: best) == bestBytes)

    try run(second, epoch: 4, 0.8)
    try end(second, epochs: 4)
    #expect(try saved(last) == (4, 4, 2))
    #expect(try saved(best) == (2, 2, 2))
  }

  @Test mutating func withoutTheEarlierBestTheSearchBeginsAnew() throws {
    let first = checkpointing()
    try begin(first)
    for (epoch, value) in [(1, 0.9), (2, 0.6)] { try run(first, epoch: epoch, value) }
    try end(first, epochs: 2)
    let second = checkpointing()
    second.restore(try Checkpoint(contentsOf: last), best: nil)
    try begin(second, after: 2)
    try run(second, epoch: 3, 0.7)
    try end(second, epochs: 3)
    #expect(try saved(best) == (3, 3, 3), "the mark and the file speak of one epoch")
  }
}
