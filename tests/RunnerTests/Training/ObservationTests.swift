import Engine
import Foundation
import TestSupport
import Testing
import Tracking
import Utils

@testable import Runner

@Suite(.serialized) struct ObservationTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  @Test func aProfiledRunLeavesATraceAndATable() throws {
    let run = try bench.train("--experiment", "blobs", "--profile")
    let trace = try json(run.url.appending(path: "trace.json"))
    let events = try #require(trace["traceEvents"]?.array)
    let names = Set(events.compactMap { $0["name"]?.string })
    #expect(names.isSuperset(of: ["linear", "crossEntropy", "update", "step 3"]))
    let table = try text(run.url.appending(path: "profile.txt"))
    for word in ["a step takes", "OPERATION", "LAYER", "linear", "outside the ops"] {
      #expect(table.contains(word), "\(word)")
    }
    let layer = events.first { $0["name"] == "linear" }?["args"]?["layer"]
    #expect(layer == "linear", "the tiny network's only layer")
  }

  @Test func profilingChangesNoResult() throws {
    let plain = try bench.train("--experiment", "blobs")
    let profiled = try bench.train("--experiment", "blobs", "--profile")
    let watched = try bench.train("--experiment", "blobs", "--detect-anomaly")
    let bytes = try [plain, profiled, watched].map { try Data(contentsOf: $0.lastCheckpoint) }
    #expect(bytes[0] == bytes[1] && bytes[0] == bytes[2])
  }

  @Test func theFirstNaNIsNamedWithItsLayer() throws {
    let start = bench.root.appending(path: "damaged.safetensors")
    let network = try bench.plan("blobs").network()
    network.parameters()[0].parameter.update { $0[0] = Float.nan }
    try Checkpoint(of: network, lab: [:]).write(to: start)
    expectLabError(
      mentioning: "the first NaN of step 1 (epoch 1) arose in linear of layer linear, forwards",
      "out of numbers that were not finite before", exitCode: 1
    ) { try bench.train("--experiment", "blobs", "--load-checkpoint", start.path, "--detect-anomaly") }
  }

  @Test func bothAtOnceAreRefused() throws {
    expectLabError(mentioning: "--profile and --detect-anomaly exclude each other", exitCode: 2) {
      try bench.train("--experiment", "blobs", "--profile", "--detect-anomaly")
    }
  }
}
