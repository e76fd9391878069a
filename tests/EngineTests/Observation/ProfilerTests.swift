import Testing
import Utils

@testable import Engine

@Suite("Profiler")
struct ProfilerTests {
  /// Five steps of a small network.
  private func profiled(warmUp: Int = 2) throws -> Profiler {
    let network = TwoLayers(2, 3, 2)
    let rule = GradientRule(
      network: network, loss: .crossEntropy, optimizer: SGD(network.parameters(), learningRate: 0.1))
    var trainer = Trainer(epochs: 5)
    let profiler = Profiler(network, warmUpSteps: warmUp, tracedSteps: 2)
    trainer.observer = profiler
    _ = try trainer.fit(rule, on: GivenBatches(batches: [XOR.batch]))
    return profiler
  }

  @Test("counts every operation once a step, with its layer, direction and cost")
  func counts() throws {
    let profiler = try profiled()
    #expect(profiler.stepCount == 3)
    func total(_ name: String, _ layer: String, _ phase: ProfilePhase) -> ProfileTotal? {
      profiler.totals.first {
        $0.key.operation.name == name && $0.key.layer == layer && $0.key.phase == phase
      }?
      .value
    }
    for (name, layer) in [("linear", "fc1"), ("tanh", "fc1"), ("linear", "fc2"), ("crossEntropy", "fc2")] {
      #expect(
        total(name, layer, .forward)?.calls == 3 && total(name, layer, .backward)?.calls == 3, "\(name)")
    }
    #expect(profiler.totals.count == 9 && total("update", "", .update)?.calls == 3)
    // 4 rows of 3 inputs to 2 outputs; backwards the gradients by x and by the weights
    #expect(total("linear", "fc2", .forward)?.cost.operations == 144.0)
    #expect(total("linear", "fc2", .backward)?.cost.operations == 288.0)
    #expect(total("linear", "fc1", .backward)?.cost.operations == 144.0, "the data get no gradient")
    #expect(total("tanh", "fc1", .forward)?.cost.memory == 3 * 4 * 12)
    #expect(total("tanh", "fc1", .forward)?.cost.traffic == 3 * 4 * 24)
  }

  @Test(
    "products are counted as the literature counts them",
    arguments: [
      ("linear", [[5, 7], [3, 7]], [5, 3], 2 * 5 * 3 * 7),
      ("matmul", [[2, 3], [3, 4]], [2, 4], 2 * 2 * 3 * 4),
      ("batchedMatmul", [[6, 2, 3], [6, 3, 4]], [6, 2, 4], 6 * 2 * 2 * 3 * 4),
      ("convolution", [[2, 4, 9, 9], [8, 2, 3, 3]], [2, 8, 7, 7], 2 * 2 * 8 * 49 * 2 * 9),
      ("transposedConvolution", [[2, 4, 5, 5], [4, 3, 2, 2]], [2, 3, 10, 10], 2 * 2 * 4 * 25 * 3 * 4),
      ("lstm", [[2, 6, 20], [20, 5]], [2, 6, 5], 2 * 2 * 6 * 20 * 5),
      ("attention", [[2, 6, 24]], [2, 6, 8], 2 * 2 * 2 * 6 * 6 * 8), ("relu", [[3, 4]], [3, 4], 12),
    ] as [(String, [Shape], Shape, Int)])
  func operations(name: String, inputs: [Shape], output: Shape, expected: Int) {
    let operation = ProfiledOperation(name: name, inputs: inputs, output: output)
    #expect(operation.operations == Double(expected))
  }

  @Test("its parts lie within the steps and leave little out")
  func accounts() throws {
    let profiler = try profiled()
    let accounted = profiler.totals.values.reduce(0) { $0 + $1.seconds }
    #expect(accounted <= profiler.stepSeconds && accounted > 0.5 * profiler.stepSeconds)
    #expect(profiler.steps.count == 2 && profiler.samples.count == 18)
    for sample in profiler.samples {
      #expect(
        profiler.steps.contains {
          $0.start <= sample.start && sample.start + sample.seconds <= $0.start + $0.seconds + 1e-9
        })
    }
  }

  @Test("the trace is what a viewer of Chrome traces reads")
  func trace() throws {
    let trace = try JSONValue(parsing: profiled().trace.text())
    let events = try #require(trace["traceEvents"]?.array)
    #expect(events.count == 20)
    for event in events {
      #expect(event["ph"] == "X" && event["pid"]?.int == 1 && event["tid"]?.int == 1)
      #expect(try #require(event["ts"]?.double) >= 0 && (try #require(event["dur"]?.double)) >= 0)
    }
    let linear = try #require(events.first { $0["name"] == "linear" && $0["cat"] == "backward" })
    #expect(linear["args"]?["layer"] == "fc2" && linear["args"]?["shapes"] == "[4, 3] [2, 3] [2] -> [4, 2]")
  }

  @Test("the report names operations, layers and what is outside, in columns")
  func report() throws {
    let text = try profiled().report(MachinePeak(gigaflops: 100, gigabytes: 10))
    for part in [
      "a step takes ", "OPERATION", "LAYER", "linear", "[4, 2] [3, 2] [3] -> [4, 3]", "fc1", "fc2", "update",
      "outside the ops", "100 GFLOP/s and 10 GB/s",
    ] { #expect(text.contains(part), "\(part)") }
    #expect(
      try profiled(warmUp: 9).report(MachinePeak(gigaflops: 1, gigabytes: 1)).hasPrefix(
        "no step was measured"))
  }
}
