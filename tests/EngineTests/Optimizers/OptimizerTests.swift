import Foundation
import Testing
import Utils

@testable import Engine

/// An optimiser of the table that every test below goes through.
struct OptimizerCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let make:
    @Sendable ([(name: String, parameter: Parameter)], _ weightDecay: Float, _ groups: [ParameterGroup]) ->
      any Optimizer
  /// What it keeps for one parameter.
  let kept: [String]

  static let all: [OptimizerCase] = [
    OptimizerCase("SGD", []) { SGD($0, learningRate: 0.1, weightDecay: $1, groups: $2) },
    OptimizerCase("SGD with momentum", ["velocity", "started"]) {
      SGD($0, learningRate: 0.05, momentum: 0.9, weightDecay: $1, groups: $2)
    },
    OptimizerCase("Adam", ["exp_avg", "exp_avg_sq", "step"]) {
      Adam($0, learningRate: 0.05, weightDecay: $1, groups: $2)
    },
    OptimizerCase("AMSGrad", ["exp_avg", "exp_avg_sq", "max_exp_avg_sq", "step"]) {
      Adam($0, learningRate: 0.05, betas: (0.8, 0.9), weightDecay: $1, amsgrad: true, groups: $2)
    },
    OptimizerCase("AdamW", ["exp_avg", "exp_avg_sq", "step"]) {
      AdamW($0, learningRate: 0.05, weightDecay: $1, groups: $2)
    },
    OptimizerCase("NAdam", ["exp_avg", "exp_avg_sq", "step", "mu_product"]) {
      NAdam($0, learningRate: 0.05, weightDecay: $1, groups: $2)
    },
    OptimizerCase("NAdam, decoupled", ["exp_avg", "exp_avg_sq", "step", "mu_product"]) {
      NAdam($0, learningRate: 0.05, weightDecay: $1, decoupledWeightDecay: true, groups: $2)
    },
    OptimizerCase("RAdam", ["exp_avg", "exp_avg_sq", "step"]) {
      RAdam($0, learningRate: 0.05, betas: (0.9, 0.99), weightDecay: $1, groups: $2)
    },
    OptimizerCase("RAdam, decoupled", ["exp_avg", "exp_avg_sq", "step"]) {
      RAdam($0, learningRate: 0.05, weightDecay: $1, decoupledWeightDecay: true, groups: $2)
    },
    OptimizerCase("RMSprop", ["square_avg"]) {
      RMSprop($0, learningRate: 0.02, weightDecay: $1, groups: $2)
    },
    OptimizerCase("RMSprop, centred, with momentum", ["square_avg", "grad_avg", "momentum_buffer"]) {
      RMSprop($0, learningRate: 0.01, weightDecay: $1, momentum: 0.5, centered: true, groups: $2)
    },
    OptimizerCase("Adagrad", ["sum", "step"]) {
      Adagrad($0, learningRate: 0.2, rateDecay: 0.01, weightDecay: $1, initialSum: 0.1, groups: $2)
    },
    OptimizerCase("Adadelta", ["square_avg", "acc_delta"]) {
      Adadelta($0, epsilon: 1e-3, weightDecay: $1, groups: $2)
    },
  ]

  private init(
    _ name: String, _ kept: [String],
    _ make:
      @escaping @Sendable ([(name: String, parameter: Parameter)], Float, [ParameterGroup]) ->
      any Optimizer
  ) {
    (testDescription, self.kept, self.make) = (name, kept, make)
  }

  func rule(_ network: TwoLayers, schedule: Schedule? = nil) -> GradientRule {
    GradientRule(
      network: network, loss: .crossEntropy, optimizer: make(network.parameters(), 0.01, []),
      schedule: schedule)
  }
}

@Suite("Every optimiser")
struct OptimizerTests {
  @Test("learns XOR", arguments: OptimizerCase.all)
  func learns(optimizer: OptimizerCase) throws {
    let network = TwoLayers(2, 8, 2)
    let rule = GradientRule(
      network: network, loss: .crossEntropy, optimizer: optimizer.make(network.parameters(), 0, []))
    let report = try Trainer(epochs: 300).fit(rule, on: GivenBatches(batches: [XOR.batch]))
    #expect((report.history.last?.metrics["train_loss"] ?? 1) < 0.4)
  }

  @Test(
    "that is saved, loaded and goes on gives the numbers of one that was not", arguments: OptimizerCase.all)
  func roundTrip(optimizer: OptimizerCase) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "half.safetensors")
    let data = GivenBatches(batches: [XOR.batch])
    let schedule = Schedule.exponential(factor: 0.9)

    let whole = TwoLayers(2, 4, 2)
    let wholeRule = optimizer.rule(whole, schedule: schedule)
    _ = try Trainer(epochs: 14).fit(wholeRule, on: data)

    let half = TwoLayers(2, 4, 2)
    let halfRule = optimizer.rule(half, schedule: schedule)
    _ = try Trainer(epochs: 6).fit(halfRule, on: data)
    try Checkpoint(of: half, rule: halfRule, lab: [:]).write(to: file)

    let rest = TwoLayers(2, 4, 2, seed: 9)
    let restRule = optimizer.rule(rest, schedule: schedule)
    let checkpoint = try Checkpoint(contentsOf: file)
    try checkpoint.load(into: rest)
    try checkpoint.load(into: restRule)
    _ = try Trainer(epochs: 14).fit(restRule, on: data, after: TrainingPosition(epochs: 6, steps: 6))
    let (expected, found) = (
      Checkpoint(of: whole, rule: wholeRule, lab: [:]), Checkpoint(of: rest, rule: restRule, lab: [:])
    )
    #expect(found.contents == expected.contents)
    #expect(found.contents != checkpoint.contents)
  }

  @Test("names what it keeps after the parameter", arguments: OptimizerCase.all)
  func names(optimizer: OptimizerCase) {
    let made = optimizer.make([("fc.weight", Parameter(Tensor([1, 2])))], 0, [])
    #expect(made.state().map(\.name) == optimizer.kept.map { "\($0).fc.weight" })
  }

  @Test("leaves a parameter without a gradient alone, and its state", arguments: OptimizerCase.all)
  func untouched(optimizer: OptimizerCase) {
    let (a, b) = (Parameter(Tensor([1, 2])), Parameter(Tensor([3])))
    let made = optimizer.make([("a", a), ("b", b)], 0.1, [])
    let before = made.state().filter { $0.name.hasSuffix(".b") }.map {
      Checkpoint.Contents(.buffer($0.buffer))
    }
    made.update(with: valueAndGradients { a.value.sum() }.gradients)
    #expect(b.value.elements == [3] && a.value.elements != [1, 2])
    let after = made.state().filter { $0.name.hasSuffix(".b") }.map {
      Checkpoint.Contents(.buffer($0.buffer))
    }
    #expect(before == after)
  }

  @Test("gives a group its own rate and decay", arguments: OptimizerCase.all)
  func groups(optimizer: OptimizerCase) {
    /// Three steps from the same start.
    func trained(rate: Float, decay: Float, _ groups: (Parameter) -> [ParameterGroup]) -> (Float, Float) {
      let (a, b) = (Parameter(Tensor([2])), Parameter(Tensor([2])))
      let made = optimizer.make([("a", a), ("b", b)], decay, groups(b))
      made.learningRate *= rate
      // gradients in proportion to the weights would hide a decay from Adam
      for slope: Float in [1, -0.5, 0.25] {
        made.update(with: valueAndGradients { (a.value + b.value).sum() * slope }.gradients)
      }
      return (a.value.scalar, b.value.scalar)
    }
    let plain = trained(rate: 1, decay: 0.1) { _ in [] }
    let slow = trained(rate: 0.5, decay: 0.1) { _ in [] }
    let bare = trained(rate: 1, decay: 0) { _ in [] }
    let grouped = trained(rate: 1, decay: 0.1) { [ParameterGroup([("b", $0)], rateFactor: 0.5)] }
    let undecayed = trained(rate: 1, decay: 0.1) { [ParameterGroup([("b", $0)], weightDecay: 0)] }
    #expect(plain.0 == plain.1 && slow.1 != plain.1 && bare.1 != plain.1)
    #expect(grouped == (plain.0, slow.1))
    #expect(undecayed == (plain.0, bare.1))
  }
}

@Suite("Parameter groups")
struct ParameterGroupTests {
  @Test("biases and norms are what has fewer than two dimensions; the first group counts")
  func biases() {
    let network = TwoLayers(2, 3, 2)
    let group = ParameterGroup.biasesAndNorms(of: network)
    #expect(group.parameters.map(\.name) == ["fc1.bias", "fc2.bias"] && group.weightDecay == 0)
    let arena = ParameterArena(
      packing: network.parameters(), weightDecay: 0.5,
      groups: [group, ParameterGroup(network.fc1.parameters(), rateFactor: 2)])
    #expect(arena.slots.map(\.weightDecay) == [0.5, 0, 0.5, 0])
    #expect(arena.slots.map(\.rateFactor) == [2, 1, 1, 1])
  }

  @Test("a group of a stranger is refused")
  func stranger() async throws {
    let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let (a, b) = (Parameter(Tensor([1])), Parameter(Tensor([1])))
      _ = SGD([("a", a)], learningRate: 1, groups: [ParameterGroup([("b", b)])])
    }
    let message = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(message.contains("a group holds b, which is none of the optimiser's parameters"))
  }
}
