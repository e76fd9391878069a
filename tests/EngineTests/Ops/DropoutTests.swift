import Kernels
import Testing
import Utils

@testable import Engine

@Suite("Dropout")
struct DropoutTests {
  let ones = Tensor(repeating: 1, shape: [50, 2001])

  func training<Result>(seed: UInt64 = 1, step: Int = 1, _ body: () throws -> Result) rethrows -> Result {
    try withMode(.training, randomness: Randomness(seed: seed, step: step), body)
  }

  @Test("drops the asked share and keeps the mean", arguments: [0.1, 0.2, 0.5, 0.9] as [Float])
  func share(probability: Float) {
    let y = training { dropout(ones, probability) }
    let kept = y.elements.filter { $0 != 0 }
    let expected = Double(ones.count) * Double(1 - probability)
    let deviation = (Double(ones.count) * Double(probability * (1 - probability))).squareRoot()
    #expect(Swift.abs(Double(kept.count) - expected) < 4 * deviation)
    #expect(kept.allSatisfy { $0 == 1 / (1 - probability) })
  }

  @Test("neighbours, columns, draws, steps and seeds do not depend on each other")
  func independence() {
    func signs(_ x: Tensor) -> [Float] { x.elements.map { $0 == 0 ? -1 : 1 } }
    func correlation(_ a: some Collection<Float>, _ b: some Collection<Float>) -> Double {
      Double(zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }) / Double(min(a.count, b.count)).squareRoot()
    }
    let (first, second) = training { (signs(dropout(ones, 0.5)), signs(dropout(ones, 0.5))) }
    for lag in Array(1...40) + [2001, 4002] {
      #expect(Swift.abs(correlation(first, first.dropFirst(lag))) < 4.5, "lag \(lag)")
    }
    #expect(Swift.abs(correlation(first, second)) < 4)
    for other in [training(step: 2) { dropout(ones, 0.5) }, training(seed: 2) { dropout(ones, 0.5) }] {
      for shift in -17...17 where shift != 0 {
        let shifted = shift > 0 ? signs(other).dropFirst(shift) : signs(other)[...]
        #expect(Swift.abs(correlation(first.dropFirst(max(-shift, 0)), shifted)) < 4.5, "shift \(shift)")
      }
    }
  }

  @Test("the same seed and step drop the same, and the gradient is dropped where x was")
  func repeatable() throws {
    var random = RandomStream(seed: 1)
    let x = Tensor.normal(shape: [7, 33], using: &random)
    let (y, gradients) = training { valueAndGradients(at: [x]) { dropout($0[0], 0.3) } }
    #expect(training { dropout(x, 0.3) }.elements == y.elements)
    let dx = try #require(gradients[0]).elements
    #expect(zip(dx, y.elements).allSatisfy { ($0 == 0) == ($1 == 0) })
    #expect(Set(dx) == [0, 1 / (1 - 0.3)])
  }

  @Test("evaluation and a probability of 0 change nothing; of 1 nothing is left")
  func edges() {
    let x = Tensor([1, .infinity, .nan])
    #expect(dropout(x, 0.5).elements[1] == .infinity && stochasticDepth(x, 0.5).elements[0] == 1)
    #expect(training { dropout(ones, 0) }.elements == ones.elements)
    #expect(training { dropout(x, 1) }.elements == [0, 0, 0])
    #expect(training { dropout(Tensor([], shape: [0, 3]), 0.5) }.shape == [0, 3])
  }

  @Test("training without random numbers traps with what to say")
  func missing() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = withMode(.training) { dropout(Tensor([1]), 0.5) }
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("dropout: training needs random numbers: say withMode(.training, randomness:"))
  }

  @Test("stochastic depth drops whole samples, or the whole batch")
  func depth() {
    let x = Tensor(repeating: 3, shape: [200, 2, 3])
    let rows = training { StochasticDepth(0.25)(x) }.elements
    let kept = (0..<200).filter { rows[$0 * 6] != 0 }
    #expect((120...180).contains(kept.count))
    #expect((0..<1200).allSatisfy { rows[$0] == (kept.contains($0 / 6) ? 4 : 0) })
    let batches = (1...60).map { step in
      training(step: step) { StochasticDepth(0.25, mode: .batch)(x) }.elements
    }
    #expect(batches.allSatisfy { Set($0).count == 1 })
    #expect((30...57).contains(batches.count { $0[0] == 4 }))
  }

  @Test("a trainer draws the same masks for the same step, wherever it begins")
  func resumed() throws {
    final class Watching: TrainingRule {
      var seen: [[Float]] = []
      func step(_ batch: Batch) throws -> StepResult {
        seen.append(Dropout(0.5)(Tensor(repeating: 1, shape: [40])).elements)
        return StepResult(count: batch.count)
      }
    }
    let data = GivenBatches(batches: [.zeros(1), .zeros(1)])
    let (whole, rest, other) = (Watching(), Watching(), Watching())
    _ = try Trainer(epochs: 3, seed: 5).fit(whole, on: data)
    _ = try Trainer(epochs: 3, seed: 5).fit(rest, on: data, after: TrainingPosition(epochs: 1, steps: 2))
    _ = try Trainer(epochs: 3, seed: 6).fit(other, on: data)
    #expect(Set(whole.seen).count == 6 && Array(whole.seen[2...]) == rest.seen)
    #expect(Set(whole.seen).isDisjoint(with: other.seen))
  }
}
