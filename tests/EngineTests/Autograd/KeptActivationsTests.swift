import Testing
import Utils

@testable import Engine

/// Which results of a forward pass are still in memory when its gradients begin: those that the tape keeps.
private final class KeptActivations: PassObserver {
  private struct Result {
    weak var storage: Storage?
    let identity: ObjectIdentifier
  }
  private var results: [Result] = []
  private(set) var bytes = 0
  private(set) var gradientBytes = 0

  func ran(_ event: ForwardEvent) {
    let storage = event.output.storage
    results.append(Result(storage: storage, identity: ObjectIdentifier(storage)))
  }
  func backwardBegins() {
    var seen = Set<ObjectIdentifier>()
    for result in results {
      if let storage = result.storage, seen.insert(result.identity).inserted { bytes += 4 * storage.count }
    }
    results = []
  }
  func pulledBack(_ event: BackwardEvent) {
    gradientBytes += event.gradients.dropFirst().reduce(0) { $0 + 4 * ($1?.count ?? 0) }
  }
  func stepBegins(at position: StepPosition) {}
  func stepEnded(with error: (any Error)?) {}
  func passBegins() {}
  func pullbackBegins() {}
  func passEnded() {}
}

/// What a frozen layer costs: no gradient by its weights, and no input kept for one.
@Suite("Activations that are kept") struct KeptActivationsTests {
  private func kept(mode: Mode = .training, _ network: any Layer, _ x: Tensor) throws -> KeptActivations {
    let observer = KeptActivations()
    _ = try observer.watch(StepPosition(epoch: 1, step: 1, batch: 1, batchCount: 1)) {
      withMode(mode, randomness: Randomness(seed: 1, step: 1)) { valueAndGradients { network(x).sum() } }
    }
    return observer
  }

  /// A first layer that learns, so that every one after it needs the gradient by its input.
  private func network(_ rest: (inout RandomStream) -> [any Layer]) -> Sequential {
    var random = RandomStream(seed: 1)
    return Sequential([Conv2d(3, 8, kernel: 1, using: &random)] + rest(&random))
  }

  @Test("a frozen convolution keeps no input and computes no weight gradient")
  func convolution() throws {
    var random = RandomStream(seed: 2)
    let x = Tensor.normal(shape: [2, 3, 10, 12], using: &random)
    let network = network {
      [Conv2d(8, 8, kernel: 3, padding: 1, using: &$0), Conv2d(8, 8, kernel: 1, using: &$0)]
    }
    let input = 4 * 2 * 8 * 10 * 12  // bytes of what goes into each of the two
    let before = try kept(network, x)
    network.freeze("1.*", "2.*")
    let after = try kept(network, x)
    #expect(before.bytes - after.bytes >= 2 * input && after.bytes <= before.bytes - 2 * input)
    #expect(before.gradientBytes - after.gradientBytes == 4 * (8 * 8 * 9 + 8 + 8 * 8 + 8))
  }

  @Test("so does a frozen linear layer, and a frozen norm in use")
  func others() throws {
    var random = RandomStream(seed: 2)
    let x = Tensor.normal(shape: [4, 3, 2, 2], using: &random)
    let linear = network { [Flatten(), Linear(32, 64, using: &$0), Linear(64, 64, using: &$0)] }
    let before = try kept(linear, x).bytes
    linear.freeze("2.*", "3.*")
    #expect(try kept(linear, x).bytes <= before - 4 * (4 * 32 + 4 * 64))
    let norm = network { _ in [BatchNorm2d(8)] }
    let learning = try kept(mode: .evaluation, norm, x).bytes
    norm.freeze("1.*")
    #expect(try kept(mode: .evaluation, norm, x).bytes <= learning - 4 * (4 * 8 * 4))
  }

  @Test("what comes before the first layer that learns is not recorded at all")
  func before() throws {
    var random = RandomStream(seed: 2)
    let x = Tensor.normal(shape: [2, 3, 10, 12], using: &random)
    let network = network { [BatchNorm2d(8), ReLU(), Conv2d(8, 4, kernel: 1, using: &$0)] }
    let learning = try kept(network, x).bytes
    network.freeze("0.*", "1.*")
    let frozen = try kept(network, x).bytes
    #expect(frozen <= learning - 4 * 2 * 8 * 10 * 12)
    network.freeze()
    #expect(try kept(network, x).bytes == 4)  // the sum, which is the answer
  }
}
