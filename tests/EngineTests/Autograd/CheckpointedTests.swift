import Kernels
import Testing
import Utils

@testable import Engine

@Suite("Activation checkpointing")
struct CheckpointedTests {
  /// Blocks of linear, batch norm, dropout and tanh with a connection around each.
  final class Deep: Layer {
    let fcs: [Linear]
    let norms: [BatchNorm1d]
    let saves: Bool

    init(blocks: Int, width: Int, saves: Bool) {
      var random = RandomStream(seed: 1)
      fcs = (0..<blocks).map { _ in Linear(width, width, using: &random) }
      norms = (0..<blocks).map { _ in BatchNorm1d(width) }
      self.saves = saves
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
      zip(fcs, norms).reduce(x) { x, layers in
        let block = { x + dropout(tanh(layers.1(layers.0(x))), 0.2) }
        return saves ? checkpointed(block) : block()
      }
    }
  }

  private func step(_ network: Deep) -> (loss: Float, gradients: [[Float]], state: [[Float]]) {
    var random = RandomStream(seed: 2)
    let x = Tensor.normal(shape: [16, 8], using: &random)
    let (loss, gradients) = withMode(.training, randomness: Randomness(seed: 3, step: 4)) {
      valueAndGradients { square(dropout(network(x), 0.1)).sum() }
    }
    let statistics = network.norms.flatMap { [$0.running_mean, $0.running_var] }.map {
      $0?.tensor.elements ?? []
    }
    return (loss.scalar, network.parameters().map { gradients[$0.parameter]?.elements ?? [] }, statistics)
  }

  @Test("gradients, dropout masks and running statistics are the same to the bit")
  func same() {
    let plain = step(Deep(blocks: 4, width: 8, saves: false))
    let saving = step(Deep(blocks: 4, width: 8, saves: true))
    #expect(plain.loss == saving.loss && plain.gradients == saving.gradients && plain.state == saving.state)
    #expect(plain.gradients.allSatisfy { !$0.isEmpty })
  }

  @Test("values from outside get their gradient, also through blocks within blocks")
  func captured() throws {
    let w = Parameter(Tensor([3]))
    let x = [Tensor([2]), Tensor([5])]
    func run(_ wrap: @escaping (@escaping () -> Tensor) -> Tensor) -> ([Float?], Float?) {
      let (_, gradients) = valueAndGradients(at: x) { x in
        let outer = x[0] * x[1]
        let y = wrap { square(outer) * w.value + wrap { x[1] * outer * w.value } }
        return (y + wrap { outer }).sum()
      }
      let (_, byParameter) = valueAndGradients { wrap { w.value * wrap { square(w.value) } }.sum() }
      return (gradients.map { $0?.scalar }, byParameter[w]?.scalar)
    }
    let plain = run { $0() }
    let saving = run { checkpointed($0) }
    #expect(plain.0 == saving.0 && plain.0.allSatisfy { $0 != nil })
    #expect(saving.1 == 27 && plain.1 == 27)
  }

  @Test("a block of constants is a constant, and outside of a recording nothing is recorded")
  func constants() {
    #expect(checkpointed { Tensor([1, 2]) }.elements == [1, 2])
    let (_, gradients) = valueAndGradients(at: [Tensor([1])]) { x in checkpointed { Tensor([4]) } + x[0] }
    #expect(gradients[0]?.elements == [1])
  }

  @Test("much less memory is kept for the gradients")
  func memory() async throws {
    let plain = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
      print("<\(CheckpointedTests.blocks(saves: false))>")
    }
    let saving = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
      print("<\(CheckpointedTests.blocks(saves: true))>")
    }
    func count(_ result: ExitTest.Result) -> Int? {
      String(decoding: result.standardOutputContent, as: UTF8.self).split(separator: "<").last?
        .split(separator: ">").first.flatMap { Int($0) }
    }
    let (more, less) = (try #require(count(plain)), try #require(count(saving)))
    // norm keeps what linear gave and tanh what it made, in norm's memory; checkpointed, the sum alone stays
    #expect(more - less > 3 * 30 / 2, "\(more) and \(less) blocks")
  }

  /// How many blocks of memory a step of thirty blocks of the network asks for.
  private static func blocks(saves: Bool) -> Int {
    let network = Deep(blocks: 30, width: 8, saves: saves)
    let before = MemoryPool.freshBlocks
    let x = Tensor(repeating: 1, shape: [4096, 8])
    let (_, gradients) = withMode(.training, randomness: Randomness(seed: 3, step: 4)) {
      valueAndGradients { square(network(x)).sum() }
    }
    precondition(gradients[network.fcs[0].weight] != nil)
    return MemoryPool.freshBlocks - before
  }
}
