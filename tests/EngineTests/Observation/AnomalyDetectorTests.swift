import Testing
import Utils

@testable import Engine

@Suite("Search for the first NaN")
struct AnomalyDetectorTests {
  /// Two layers with something between them.
  private final class Network: Layer {
    let fc1, fc2: Linear
    let between: (Tensor) -> Tensor

    init(_ between: @escaping (Tensor) -> Tensor) {
      var random = RandomStream(seed: 1)
      fc1 = Linear(2, 3, using: &random)
      fc2 = Linear(3, 2, using: &random)
      self.between = between
    }

    func callAsFunction(_ x: Tensor) -> Tensor { fc2(between(fc1(x))) }
  }

  /// What training says that goes wrong in the first step; nil when it does not.
  private func complaint(
    _ batch: Batch = XOR.batch, prepare: (Network) -> Void = { _ in }, _ between: @escaping (Tensor) -> Tensor
  ) throws -> String? {
    let network = Network(between)
    prepare(network)
    let rule = GradientRule(
      network: network, loss: .crossEntropy, optimizer: SGD(network.parameters(), learningRate: 0.1))
    var trainer = Trainer(epochs: 2)
    trainer.observer = AnomalyDetector(network)
    do {
      _ = try trainer.fit(rule, on: GivenBatches(batches: [batch]))
      return nil
    } catch let error as LabError {
      #expect(error.kind == .training && error.exitCode == 1)
      return error.description
    }
  }

  @Test("names the op and the layer after which it ran, and a remedy")
  func forwards() throws {
    #expect(
      try complaint { log(-square($0) - 1) }
        == "the first NaN of step 1 (epoch 1) arose in log of layer fc1, forwards; keep its input above 0: "
        + "clamp(x, lower: 1e-6), or logSoftmax in place of log(softmax(x)).")
    let root = try #require(try complaint { sqrt($0 - 1e9) })
    #expect(root.contains("NaN of step 1 (epoch 1) arose in sqrt of layer fc1, forwards"))
  }

  @Test("goes back to the infinity of which the NaN came")
  func infinity() throws {
    let text = try #require(try complaint { log(relu($0 - 1e9)) * 0 })
    #expect(text.hasPrefix("the first infinity of step 1 (epoch 1) arose in log of layer fc1, forwards"))
    let overflow = try #require(try complaint { exp($0 * 0 + 100) })
    #expect(overflow.hasPrefix("the first infinity of step 1 (epoch 1) arose in exp of layer fc1, forwards"))
  }

  @Test("a NaN that only the derivative makes is found backwards")
  func backwards() throws {
    let text = try #require(try complaint { sqrt($0 * 0) })
    #expect(text.contains("arose in sqrt of layer fc1, backwards"))
  }

  @Test("names damaged weights and data where they come in")
  func damaged() throws {
    let weights = try complaint(prepare: { $0.fc2.weight.update { $0[1] = Float.nan } }) { tanh($0) }
    #expect(
      weights
        == "the first NaN of step 1 (epoch 1) arose in linear of layer fc2, forwards, out of numbers that were not "
        + "finite before; look for damaged values in the data and in the checkpoint.")
    let batch = Batch(inputs: Tensor([0, .nan], shape: [1, 2]), labels: IndexTensor([0]), indices: [0])
    #expect(try complaint(batch) { tanh($0) }?.contains("arose in linear of layer fc1") == true)
  }

  @Test("a mask of infinities is no anomaly, a row of nothing else is one")
  func masks() throws {
    let open = Mask([false, true, true], shape: [3])
    #expect(try complaint { softmax($0.filled(with: -.infinity, where: !open)) } == nil)
    let closed = Mask([true, true, true], shape: [3])
    let text = try #require(try complaint { softmax($0.filled(with: -.infinity, where: closed)) })
    #expect(
      text.contains("arose in softmax of layer fc1, forwards, out of numbers that were not finite before"))
    #expect(text.contains("a row may not be -infinity as a whole"))
  }

  @Test("a training without a NaN is not disturbed, and nobody watches after it")
  func clean() throws {
    #expect(try complaint { tanh($0) } == nil)
    #expect(Observation.observer == nil)
  }
}

@Suite("Observation")
struct PassObserverTests {
  /// Writes down what it hears.
  private final class Listener: PassObserver {
    var heard: [String] = []
    func stepBegins(at position: StepPosition) { heard.append("step") }
    func stepEnded(with error: (any Error)?) { heard.append("ended") }
    func passBegins() { heard.append("pass") }
    func ran(_ event: ForwardEvent) {
      guard heard.last != "<" else { return }  // what a derivative is put together from
      heard.append("\(event.name) \(event.output.shape)")
    }
    func backwardBegins() { heard.append("back") }
    func pullbackBegins() { heard.append("<") }
    func pulledBack(_ event: BackwardEvent) { heard.append("\(event.gradients.count)>") }
    func passEnded() { heard.append("end") }
  }

  @Test("every operation is heard by its name, forwards and backwards")
  func events() throws {
    let (listener, network) = (Listener(), TwoLayers(2, 3, 2))
    _ = try listener.watch(StepPosition(epoch: 1, step: 1, batch: 1, batchCount: 1)) {
      valueAndGradients { crossEntropy(network(XOR.batch.inputs), XOR.batch.labels) }
    }
    #expect(
      listener.heard == [
        "step", "pass", "linear [4, 3]", "tanh [4, 3]", "linear [4, 2]", "crossEntropy []", "back",
        "<", "1>", "<", "3>", "<", "1>", "<", "3>", "end", "ended",
      ])
    _ = relu(Tensor([1]))
    #expect(listener.heard.count == 17)
  }

  @Test("a layer is known by its parameters' memory, also when they are frozen or looked at in another shape")
  func layers() {
    let network = TwoLayers(2, 3, 2)
    var names = LayerNames(of: network)
    #expect(names.layer(of: [XOR.batch.inputs]) == "input")
    #expect(names.layer(of: [XOR.batch.inputs, network.fc1.weight.value.flattened()]) == "fc1")
    #expect(names.layer(of: [XOR.batch.inputs]) == "fc1")
    network.fc2.weight.isFrozen = true
    #expect(names.layer(of: [XOR.batch.inputs, network.fc2.weight.value]) == "fc2")
    names.forget()
    #expect(names.layer(of: []) == "input")
  }
}
