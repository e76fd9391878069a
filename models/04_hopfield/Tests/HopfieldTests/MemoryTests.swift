import Engine
import Testing
import Utils

@testable import Hopfield

/// What a memory does with its states: on networks small enough to follow by hand, and in the mean of random ones.
@Suite struct MemoryTests {
  private func network(
    _ patterns: [[Float]], _ rule: LearningRule = .hebb, _ update: Hopfield.Update = .asynchronous
  ) throws -> Hopfield {
    var random = RandomStream(seed: 1)
    let network = Hopfield(
      units: patterns[0].count, patterns: patterns.count, rule: rule, update: update, using: &random)
    network.patterns.tensor = tensor(patterns)
    try network.store()
    return network
  }

  private func tensor(_ rows: [[Float]]) -> Tensor {
    Tensor(rows.flatMap { $0 }, shape: [rows.count, rows[0].count])
  }

  @Test func onePatternIsRestoredAndSoIsItsInverse() throws {
    let pattern: [Float] = [1, -1, 1, 1, -1]
    let network = try network([pattern])
    #expect(network.recall(tensor([[1, -1, 1, 1, 1]])).elements == pattern)
    #expect(network.recall(tensor([[-1, 1, -1, -1, -1]])).elements == pattern.map { -$0 })
    #expect(network(tensor([pattern, pattern.map { -$0 }])).elements == [1, -1])
  }

  /// E of a stored pattern with D units: -1/2 (D² - D) / D, by hand for D = 5.
  @Test func theEnergyOfAPattern() throws {
    let pattern: [Float] = [1, -1, 1, 1, -1]
    #expect(abs(try network([pattern]).energy(pattern) - -2) < 1e-6)
  }

  @Test(arguments: LearningRule.allCases)
  func theEnergyNeverRisesUnitByUnit(rule: LearningRule) throws {
    let set = PatternSet.random(12, width: 60, seed: 4)
    let network = try network(set.patterns, rule)
    for cue in PatternSet.random(10, width: 60, seed: 5).patterns {
      var energies: [Double] = []
      var last: [Float] = []
      network.settle(cue, .asynchronous) {
        energies.append($1)
        last = $0
      }
      for (before, after) in zip(energies, energies.dropFirst()) { #expect(after <= before + 1e-5) }
      #expect(
        abs(try #require(energies.last) - network.energy(last)) < 1e-3, "sums that follow flips stay true")
      let fields = matmul(network.weight.value, Tensor(last)).elements
      #expect(zip(last, fields).allSatisfy { $0 * $1 > -1e-4 }, "nothing wants to move")
    }
  }

  /// Two units that excite each other, at different signs: all at once they take turns for ever; one by one they agree.
  @Test func allAtOnceMayNeverRest() throws {
    let pattern: [Float] = [1, 1]
    let together = try network([pattern], .hebb, .synchronous)
    var states: [[Float]] = []
    together.settle([1, -1], .synchronous) { state, _ in states.append(state) }
    #expect(states == [[1, -1], [-1, 1], [1, -1]], "it stops where it has been before")
    #expect(abs(try network([pattern]).recall(tensor([[1, -1]])).sum().scalar) == 2)
  }

  @Test func theAnswerDependsOnTheSeedAlone() throws {
    let set = PatternSet.random(30, width: 100, seed: 7)
    let cues = tensor(PatternSet.random(20, width: 100, seed: 8).patterns)
    #expect(try network(set.patterns).recall(cues).elements == network(set.patterns).recall(cues).elements)
  }

  /// Reference figures computed with numpy for 500 units in 8 draws: 0.997 and 66 % at 0.10, 0.59 and 3 % at 0.20.
  @Test func capacityIsThatOfTheReference() throws {
    let below = try Retention.measure(load: 0.10, width: 500, rule: .hebb, draws: 4, seed: 42)
    #expect(below.overlap > 0.99 && abs(below.overlap - 0.997) < 0.004)
    #expect(abs(below.stable - 0.66) < 0.12)
    let above = try Retention.measure(load: 0.18, width: 500, rule: .hebb, draws: 4, seed: 42)
    #expect(above.overlap < 0.9 && above.stable < 0.1)
  }

  @Test func randomStartsEndInPatternsInversesAndElsewhere() throws {
    let found = Attractors(
      of: try network(PatternSet.random(3, width: 200, seed: 1).patterns), starts: 400, seed: 2)
    #expect(found.total == 400)
    #expect(found.patterns > 100 && found.inverses > 100, "a pattern and its inverse attract alike")
    #expect(found.mixtures > 0 && found.others < 20, "of three patterns nearly all else is their majority")
  }

  @Test func theModernNetworkRecallsInOneStep() throws {
    let set = PatternSet.random(500, width: 100, seed: 3)
    let memory = ModernHopfield(units: 100, patterns: 500, beta: 1)
    memory.patterns.tensor = tensor(set.patterns)
    var random = RandomStream(seed: 1)
    let cues = tensor(set.patterns.map { PatternSet.corrupted($0, share: 0.2, using: &random) })
    #expect(signs(memory.step(cues)).elements == memory.patterns.tensor.elements)
    for cue in set.patterns.prefix(5).map({ PatternSet.corrupted($0, share: 0.3, using: &random) }) {
      let next = memory.step(tensor([cue])).elements
      #expect(memory.energy(next) < memory.energy(cue))
    }
  }

  /// With a small beta it cannot choose: the state becomes the mean of the patterns.
  @Test func aSmallBetaGivesTheMean() throws {
    let memory = ModernHopfield(units: 4, patterns: 2, beta: 1e-4)
    memory.patterns.tensor = tensor([[1, 1, 1, 1], [1, 1, -1, -1]])
    let state = memory.recall(tensor([[1, 1, 1, -1]])).elements
    #expect(zip(state, [1, 1, 0, 0]).allSatisfy { abs($0 - $1) < 1e-3 })
  }

  @Test func stateNamesAndCountOfParameters() throws {
    let network = try network([[1, -1, 1], [1, 1, 1]])
    #expect(network.state().map(\.name) == ["weight", "patterns", "order"])
    #expect(network.parameterCount == 9)
    #expect(ModernHopfield(units: 3, patterns: 2).state().map(\.name) == ["patterns"])
  }
}
