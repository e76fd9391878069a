import DataUtils
import Runner
import Testing
import Utils

@testable import Adaline
@testable import Engine

/// The three ways to the least squared error, on samples that can be followed by hand and against each other.
@Suite struct RuleTests {
  private func adaline(_ weights: [Float], _ biases: [Float] = [0]) -> Adaline {
    var random = RandomStream(seed: 1)
    let units = biases.count
    let network = Adaline(inputs: weights.count / units, classes: units == 1 ? 2 : units, using: &random)
    network.weight.set(Tensor(weights, shape: network.weight.shape))
    network.bias.set(Tensor(biases))
    return network
  }

  private func batch(_ rows: [[Float]], _ labels: [Int32]) -> Batch {
    Batch(
      inputs: Tensor(rows.flatMap { $0 }, shape: [rows.count, rows[0].count]), labels: IndexTensor(labels),
      indices: Array(rows.indices))
  }

  private func iris(_ species: [String]) throws -> Batch {
    let data = try EmbeddedData.iris().selecting(classes: species)
    var batches = Loader(data, preprocessing: .standardized(Standardizer(fitting: data)), prefetchThreads: 0)
      .batches(epoch: 1)
    return try #require(try batches.next())
  }

  /// By hand: y = 0.5, error 0.5, step 0.05; then y = 0.55 + 0.6·2 + 0.05 = 1.8, error -1.8.
  @Test func theDeltaRuleCorrectsRightAnswersToo() throws {
    let network = adaline([0.5, 0.5])
    let rule = DeltaRule(network, learningRate: 0.1)
    var result = try rule.step(batch([[1, 0]], [1]))
    #expect(result.means == [Metric("mse", 0.25)])
    #expect(network.weight.value.elements == [0.55, 0.5] && network.bias.value.elements == [0.05])
    result = try rule.step(batch([[1, 2]], [0]))
    let error: Float = -(0.55 + 1 + 0.05)
    #expect(abs(result.means[0].value - Double(error * error)) < 1e-6)
    #expect(
      zip(network.weight.value.elements, [0.55 + 0.1 * error, 0.5 + 0.2 * error]).allSatisfy {
        abs($0 - $1) < 1e-6
      })
  }

  /// One target 1, the others 0: each unit learns alone.
  @Test func oneUnitForEachClass() throws {
    let network = adaline([1, 1, 1], [0, 0, 0])
    _ = try DeltaRule(network, learningRate: 0.5).step(batch([[1]], [2]))
    #expect(
      network.weight.value.elements == [0.5, 0.5, 1] && network.bias.value.elements == [-0.5, -0.5, 0])
  }

  @Test func theClassIsOneAboveAHalf() {
    let network = adaline([1])
    #expect(predictedClasses(network(Tensor([0.49, 0.51, -3, 7], shape: [4, 1]))) == [0, 1, 0, 1])
    #expect(network.output(Tensor([0.49], shape: [1, 1])).scalar == 0.49)
  }

  /// The tape's gradient is the one written out, and the mean of the delta rule's first corrections.
  @Test func theBatchStepIsTheMeanOfTheSampleSteps() throws {
    let samples = try iris(["setosa", "versicolor", "virginica"])
    var random = RandomStream(seed: 3)
    let network = Adaline(inputs: 4, classes: 3, using: &random)
    let (before, biases) = (network.weight.value.elements, network.bias.value.elements)
    _ = try BatchGradient(network, learningRate: 0.3).step(samples)
    let x = samples.inputs.elements
    var (weightSums, biasSums) = ([Float](repeating: 0, count: 12), [Float](repeating: 0, count: 3))
    for (n, label) in samples.labels.elements.enumerated() {
      for unit in 0..<3 {
        let y = (0..<4).reduce(biases[unit]) { $0 + before[unit * 4 + $1] * x[n * 4 + $1] }
        let error = (label == unit ? 1 : 0) - y
        for i in 0..<4 { weightSums[unit * 4 + i] += error * x[n * 4 + i] / 150 }
        biasSums[unit] += error / 150
      }
    }
    for (new, (old, sum)) in zip(network.weight.value.elements, zip(before, weightSums)) {
      #expect(abs(new - (old + 0.3 * sum)) < 1e-6)
    }
    for (new, (old, sum)) in zip(network.bias.value.elements, zip(biases, biasSums)) {
      #expect(abs(new - (old + 0.3 * sum)) < 1e-6)
    }
  }

  /// At the least error no correction is left on average, and no other weights have less.
  @Test func theExactSolutionIsWhereBatchGradientStops() throws {
    let samples = try iris(["versicolor", "virginica"])
    let exact = adaline([0, 0, 0, 0])
    let least = try #require(try ExactSolution(exact).step(samples).means["mse"])
    let solution = exact.weight.value.elements
    let still = try BatchGradient(exact, learningRate: 1).step(samples)
    #expect(zip(solution, exact.weight.value.elements).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(abs(try #require(still.means["mse"]) - least) < 1e-6)
    for place in 0..<4 {
      let other = adaline((0..<4).map { solution[$0] + ($0 == place ? 0.05 : 0) }, exact.bias.value.elements)
      #expect(try #require(try BatchGradient(other, learningRate: 0).step(samples).means["mse"]) > least)
    }
    let walker = adaline([0, 0, 0, 0])
    let rule = BatchGradient(walker, learningRate: 0.4)
    for _ in 0..<4000 { _ = try rule.step(samples) }
    #expect(zip(solution, walker.weight.value.elements).allSatisfy { abs($0 - $1) < 1e-3 })
  }

  @Test func aBlankPixelHasNoWeight() throws {
    let network = adaline([5, 5])
    _ = try ExactSolution(network).step(batch([[0, 1], [0, 3], [0, 2]], [0, 1, 1]))
    #expect(network.weight.value.elements[0] == 0)
  }

  @Test func aRateThatIsTooLargeIsSaid() throws {
    for method in [Method.sample, .batch] {
      let rule = method.rule(for: adaline([1, 1]), learningRate: 10)
      let error = try #require(throws: LabError.self) {
        for _ in 0..<1000 { _ = try rule.step(batch([[3, 4], [4, 3]], [0, 1])) }
      }
      #expect(error.description.contains("learning rate is too large for 2 features"))
    }
  }

  @Test func endsWhereNoErrorIsLeft() throws {
    func report(_ mse: Double) -> EpochReport {
      EpochReport(epoch: 3, step: 3, metrics: [Metric("train_mse", mse)], seconds: 0, totalSeconds: 0)
    }
    let rule = DeltaRule(adaline([1]), learningRate: 0.1)
    #expect(rule.verdict(after: report(1e-5)) == .goOn)
    #expect(rule.verdict(after: report(1e-7)) != .goOn)
  }

  @Test func explainsEachUpdateWithItsNumbers() throws {
    let network = adaline([0.5, 0])
    let rule = DeltaRule(network, learningRate: 0.1)
    var told = ""
    rule.explain(
      on: Blackboard(updates: 1, features: ["x1", "x2"], classes: ["no", "yes"]) { told += $0 })
    _ = try rule.step(batch([[1, 2], [3, 4]], [1, 0]))
    #expect(told.contains("sample 1 (row 0): x = (1, 2)  (x1, x2), class yes, target t = 1"))
    #expect(
      told.contains(
        "output      y = w x + b = 0.5 * 1 + 0 * 2 + 0 = 0.5  says no, because y is not above 1/2"))
    #expect(told.contains("error       t - y = 1 - 0.5 = +0.5"))
    #expect(told.contains("new         w = (0.55, 0.1), b = 0.05"))
    #expect(!told.contains("sample 2"), "one update was asked for")
  }

  @Test func theSurfaceIsTheMeanSquaredError() throws {
    let samples = batch([[1, 2], [-1, 0.5], [0.3, -2]], [1, 0, 1])
    let surface = SquaredError(of: samples.inputs, samples.labels.elements, bias: 0.25)
    for weights in [[0.0, 0], [0.5, -1], [2, 3]] {
      let network = adaline(weights.map(Float.init), [0.25])
      let mse = try #require(try BatchGradient(network, learningRate: 0).step(samples).means["mse"])
      #expect(abs(surface(weights[0], weights[1]) - mse) < 1e-4)
    }
  }

  @Test func stateNamesAndCountOfParameters() {
    #expect(adaline([1, 2]).state().map(\.name) == ["weight", "bias"])
    #expect(adaline([1, 2]).parameterCount == 3)
    #expect(adaline([1, 2, 3, 4, 5, 6], [0, 0, 0]).parameterCount == 9)
  }
}
