import Testing
import Utils

@testable import Engine

@Suite("Schedules")
struct ScheduleTests {
  private func rates(_ schedule: Schedule, _ times: [Int]) -> [Double] {
    times.map { schedule.rate(at: $0, from: 0.5) }
  }

  @Test("stairs, lines and curves at their corners")
  func corners() {
    #expect(rates(.step(every: 2, factor: 0.5), [0, 1, 2, 5]) == [0.5, 0.5, 0.25, 0.125])
    #expect(rates(.multiStep(at: [1, 3, 3], factor: 0.5), [0, 1, 2, 3]) == [0.5, 0.25, 0.25, 0.0625])
    #expect(rates(.exponential(factor: 0.5), [0, 1, 3]) == [0.5, 0.25, 0.0625])
    #expect(rates(.linear(over: 4, from: 0, to: 1), [0, 2, 4, 9]) == [0, 0.25, 0.5, 0.5])
    #expect(rates(.polynomial(over: 4, power: 2), [0, 2, 4, 9]) == [0.5, 0.125, 0, 0])
    #expect(rates(.cosine(over: 4, to: 0.1), [0, 4]) == [0.5, 0.1])
    #expect(rates(.cosineRestarts(first: 2, growth: 1), [0, 2, 4, 1000]) == [0.5, 0.5, 0.5, 0.5])
    #expect(rates(.cosineRestarts(first: 2, growth: 3), [0, 2, 8, 26]) == [0.5, 0.5, 0.5, 0.5])
    let cycle = Schedule.oneCycle(over: 11, rise: 5 / 11, startDivisor: 5, endDivisor: 100)
    for (t, rate) in [(0, 0.1), (4, 0.5), (10, 0.001), (99, 0.001)] {
      #expect(abs(cycle.rate(at: t, from: 0.5) - rate) < 1e-12, "at \(t)")
    }
    #expect(Schedule.oneCycle(over: 2, rise: 0.5).rate(at: 0, from: 0.5) == 0.5)
  }

  @Test("a warm-up comes before the beginning of the schedule")
  func warmup() {
    let schedule = Schedule.step(every: 1, factor: 0.5).warmedUp(over: 2, from: 0).perStep
    #expect(rates(schedule, [0, 1, 2, 3]) == [0, 0.25, 0.5, 0.25])
    #expect(schedule.unit == .step && schedule.name == "step after a warm-up")
    #expect(Schedule.step(every: 1).unit == .epoch)
  }

  /// Notes the rate of every update.
  private final class RateKeeper: Optimizer {
    var learningRate: Float = 1
    private(set) var rates: [Float] = []
    func update(with gradients: Gradients) { rates.append(learningRate) }
    func state() -> [(name: String, buffer: Buffer)] { [] }
  }

  private let data = GivenBatches(batches: [XOR.batch, XOR.batch, XOR.batch])

  private func appliedRates(
    _ schedule: Schedule, batchesPerUpdate: Int = 1, after past: TrainingPosition = TrainingPosition()
  ) throws -> [Float] {
    let keeper = RateKeeper()
    let rule = GradientRule(
      network: TwoLayers(2, 2, 2), loss: .crossEntropy, optimizer: keeper, schedule: schedule,
      batchesPerUpdate: batchesPerUpdate)
    _ = try Trainer(epochs: 3).fit(rule, on: data, after: past)
    return keeper.rates
  }

  @Test("the rule applies them by epoch or by update, and goes on where a run was resumed")
  func application() throws {
    let halving = Schedule.exponential(factor: 0.5)
    #expect(try appliedRates(halving) == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25])
    #expect(try appliedRates(halving, after: TrainingPosition(epochs: 2, steps: 6)) == [0.25, 0.25, 0.25])
    let line = Schedule("line") { t, _ in Double(t) }
    #expect(try appliedRates(line.perStep) == [0, 1, 2, 3, 4, 5, 6, 7, 8])
    #expect(
      try appliedRates(line.perStep, after: TrainingPosition(epochs: 1, steps: 3)) == [3, 4, 5, 6, 7, 8])
    #expect(try appliedRates(line.perStep, batchesPerUpdate: 2) == [0, 1, 2, 3, 4, 5])
    #expect(
      try appliedRates(line.perStep, batchesPerUpdate: 2, after: TrainingPosition(epochs: 2, steps: 6)) == [
        4, 5,
      ])
    #expect(try appliedRates(line, batchesPerUpdate: 2) == [0, 0, 1, 1, 2, 2])
  }

  @Test("without a trainer the rule counts its own steps")
  func alone() throws {
    let keeper = RateKeeper()
    let rule = GradientRule(
      network: TwoLayers(2, 2, 2), loss: .crossEntropy, optimizer: keeper,
      schedule: Schedule("line") { t, _ in Double(t) }.perStep)
    for _ in 0..<3 { _ = try rule.step(XOR.batch) }
    #expect(keeper.rates == [0, 1, 2])
  }
}

@Suite("Reduce on plateau")
struct ReduceOnPlateauTests {
  /// The rates after each of these values, of a rate of 1.
  private func rates(_ plateau: ReduceOnPlateau, _ values: [Double]) -> [Double] {
    values.map {
      plateau.observe($0)
      return plateau.reduced(1)
    }
  }

  @Test("lowers the rate after more than `patience` epochs without an improvement")
  func patience() {
    let plateau = ReduceOnPlateau(watching: "val_loss", factor: 0.5, patience: 1)
    #expect(rates(plateau, [3, 2, 2, 2, 2, 2, 1, 1]) == [1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25])
  }

  @Test("knows thresholds, rests, a floor, metrics that grow, and NaN")
  func variants() {
    let small = ReduceOnPlateau(watching: "loss", factor: 0.5, patience: 0, threshold: 0.1)
    #expect(rates(small, [10, 9.5, 8]) == [1, 0.5, 0.5])
    let absolute = ReduceOnPlateau(
      watching: "loss", factor: 0.5, patience: 0, threshold: 0.4, isRelative: false)
    #expect(rates(absolute, [10, 9.5, 9.2]) == [1, 1, 0.5])
    let resting = ReduceOnPlateau(watching: "loss", factor: 0.5, patience: 0, cooldown: 2)
    #expect(rates(resting, [1, 1, 1, 1, 1]) == [1, 0.5, 0.5, 0.5, 0.25])
    let floor = ReduceOnPlateau(watching: "loss", factor: 0.1, patience: 0, minimum: 0.05)
    #expect(rates(floor, [1, 1, 1, 1]) == [1, 0.1, 0.05, 0.05])
    #expect(floor.reduced(0.01) == 0.01, "a schedule below the floor stays below it")
    let growing = ReduceOnPlateau(watching: "val_accuracy", factor: 0.5, patience: 0)
    #expect(rates(growing, [0.5, 0.6, 0.6, .nan, 0.7]) == [1, 1, 0.5, 0.25, 0.25])
  }

  @Test("is a part of the rule's state and goes on after a resumption")
  func resumption() throws {
    func rule(_ network: TwoLayers) -> GradientRule {
      GradientRule(
        network: network, loss: .crossEntropy,
        optimizer: SGD(network.parameters(), learningRate: 0.1, momentum: 0.9),
        plateau: ReduceOnPlateau(watching: "val_loss", factor: 0.5, patience: 0))
    }
    let data = GivenBatches(batches: [XOR.batch])
    /// A validation loss that gets better once.
    func trainer(_ epochs: Int, from first: Int = 0) -> Trainer {
      var epoch = first
      return Trainer(epochs: epochs) {
        epoch += 1
        return [Metric("val_loss", epoch == 3 ? 0.1 : 0.7)]
      }
    }
    let (whole, half, rest) = (TwoLayers(2, 4, 2), TwoLayers(2, 4, 2), TwoLayers(2, 4, 2, seed: 2))
    let (wholeRule, halfRule, restRule) = (rule(whole), rule(half), rule(rest))
    _ = try trainer(6).fit(wholeRule, on: data)
    _ = try trainer(4).fit(halfRule, on: data)
    let saved = Checkpoint(of: half, rule: halfRule, lab: [:])
    #expect(saved.contents["optimizer.plateau.reductions"] == .integer(2))
    try saved.load(into: rest)
    try saved.load(into: restRule)
    _ = try trainer(6, from: 4).fit(restRule, on: data, after: TrainingPosition(epochs: 4, steps: 4))
    #expect(
      Checkpoint(of: rest, rule: restRule, lab: [:]).contents
        == Checkpoint(of: whole, rule: wholeRule, lab: [:]).contents)
  }

  @Test("names what it could watch when the metric is not measured")
  func unknown() {
    let network = TwoLayers(2, 2, 2)
    let rule = GradientRule(
      network: network, loss: .crossEntropy, optimizer: SGD(network.parameters(), learningRate: 0.1),
      plateau: ReduceOnPlateau(watching: "val_loss"))
    let error = #expect(throws: LabError.self) {
      try Trainer(epochs: 1).fit(rule, on: GivenBatches(batches: [XOR.batch]))
    }
    #expect(error?.cause == "the learning rate follows val_loss, which epoch 1 did not measure")
    #expect(error?.remedy == "watch one of train_loss, train_accuracy")
  }
}
