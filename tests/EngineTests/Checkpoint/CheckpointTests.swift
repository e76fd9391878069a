import Foundation
import Testing
import Utils

@testable import Engine

private final class WithBuffers: Layer {
  let fc: Linear
  let running_mean = Buffer(Tensor([0, 0]))
  let num_batches_tracked = Buffer(0)

  init(seed: UInt64) {
    var random = RandomStream(seed: seed)
    fc = Linear(2, 2, using: &random)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { fc(x) }
}

@Suite("Checkpoint")
struct CheckpointTests {
  /// Runs `body` with the place of a file in a fresh folder, which is removed afterwards.
  private func withFile(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appendingPathComponent("last.safetensors"))
  }

  @Test("brings back parameters, buffers, whole numbers and what describes them")
  func roundTrip() throws {
    try withFile { url in
      let (saved, loaded) = (WithBuffers(seed: 1), WithBuffers(seed: 2))
      saved.running_mean.tensor = Tensor([0.25, -3])
      saved.num_batches_tracked.contents = .integer(1 << 40)
      try Checkpoint(of: saved, lab: ["architecture": "with_buffers"]).write(to: url)
      let checkpoint = try Checkpoint(contentsOf: url)
      #expect(checkpoint.lab == ["architecture": "with_buffers", "version": 1])
      #expect(checkpoint.origin == url)
      try checkpoint.load(into: loaded)
      #expect(loaded.fc.weight.value.elements == saved.fc.weight.value.elements)
      #expect(loaded.fc.bias?.value.elements == saved.fc.bias?.value.elements)
      #expect(loaded.running_mean.tensor.elements == [0.25, -3])
      #expect(Checkpoint(of: loaded, lab: [:]).contents == Checkpoint(of: saved, lab: [:]).contents)
    }
  }

  @Test("a training that is loaded goes on with exactly the numbers of one that was not saved")
  func continuation() throws {
    try withFile { url in
      let network = TwoLayers(2, 8, 2)
      let rule = XOR.rule(hidden: 8, learningRate: 0.1, network: network)
      for _ in 0..<7 { _ = try rule.step(XOR.batch) }
      try Checkpoint(of: network, rule: rule, lab: [:]).write(to: url)

      let fresh = TwoLayers(2, 8, 2, seed: 99)
      let freshRule = XOR.rule(hidden: 8, learningRate: 0.1, network: fresh)
      let checkpoint = try Checkpoint(contentsOf: url)
      try checkpoint.load(into: fresh)
      try checkpoint.load(into: freshRule)
      for _ in 0..<20 { #expect(try rule.step(XOR.batch).means == freshRule.step(XOR.batch).means) }
      #expect(
        Checkpoint(of: network, rule: rule, lab: [:]).contents
          == Checkpoint(of: fresh, rule: freshRule, lab: [:]).contents)
      #expect(checkpoint.contents.keys.contains("optimizer.velocity.fc1.weight"))
    }
  }

  @Test("the same state twice gives the same bytes")
  func repeatable() throws {
    try withFile { url in
      let rule = XOR.rule(hidden: 4, learningRate: 0.1)
      let network = TwoLayers(2, 4, 2)
      let lab: [String: JSONValue] = ["seed": 1, "metrics": ["b": 2, "a": 0.5]]
      try Checkpoint(of: network, rule: rule, lab: lab).write(to: url)
      let first = try Data(contentsOf: url)
      try Checkpoint(of: network, rule: rule, lab: lab).write(to: url)
      #expect(try Data(contentsOf: url) == first)
    }
  }

  @Test(
    "every flipped byte of the numbers and of the description is noticed, and a file without a checksum is read"
  )
  func checksum() throws {
    try withFile { url in
      try Checkpoint(of: TwoLayers(2, 4, 2), lab: ["seed": 1, "metrics": ["a": 0.5]]).write(to: url)
      let bytes = try Data(contentsOf: url)
      let start = 8 + bytes.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
      let seed = try #require(bytes.range(of: Data(#"seed\":1"#.utf8))).upperBound - 1
      for place in Array(start..<bytes.count) + [seed] {
        var flipped = bytes
        flipped[place] ^= 2
        try flipped.write(to: url)
        let error = #expect(throws: LabError.self) { try Checkpoint(contentsOf: url) }
        #expect(error?.cause.contains("is damaged") == true, "byte \(place): \(error?.cause ?? "")")
      }
      let old = try SafetensorsFile(bytes, path: "")
      var writer = SafetensorsWriter(metadata: old.metadata.filter { $0.key != "sha256" })
      for entry in old.entries {
        writer.add(entry.name, floats: try old.floats(entry.name), shape: entry.shape)
      }
      try writer.write(to: url)
      #expect(try Checkpoint(contentsOf: url).lab["seed"] == 1)
    }
  }

  @Test("refuses what does not fit in one sentence that names everything, and changes nothing")
  func strictness() throws {
    let network = WithBuffers(seed: 1)
    var checkpoint = Checkpoint(of: network, lab: [:])
    checkpoint.contents["fc.bias"] = nil
    checkpoint.contents["num_batches_tracked"] = nil
    checkpoint.contents["fc.extra"] = .integer(1)
    checkpoint.contents["fc.weight"] = .floats([1, 2, 3, 4], shape: [4])
    checkpoint.contents["running_mean"] = .integer(3)
    let before = Checkpoint(of: network, lab: [:]).contents
    let error = #expect(throws: LabError.self) { try checkpoint.load(into: network) }
    #expect(error?.kind == .checkpoint)
    let text = error?.description ?? ""
    for part in [
      "it misses fc.bias, num_batches_tracked", "it has besides fc.extra",
      "fc.weight [4] instead of [2, 2], running_mean a whole number instead of [2]",
    ] { #expect(text.contains(part), "\(text)") }
    #expect(Checkpoint(of: network, lab: [:]).contents == before)
  }

  @Test("refuses another rule's state by the names it has under optimizer.")
  func optimizerState() {
    let checkpoint = Checkpoint(
      of: TwoLayers(2, 8, 2), rule: XOR.rule(hidden: 8, learningRate: 0.1), lab: [:])
    let error = #expect(throws: LabError.self) {
      try checkpoint.load(into: XOR.rule(hidden: 9, learningRate: 0.1))
    }
    #expect(error?.cause.contains("optimizer.velocity.fc1.weight [8, 2] instead of [9, 2]") == true)
    let none = #expect(throws: LabError.self) {
      try Checkpoint(of: TwoLayers(2, 8, 2), lab: [:]).load(into: XOR.rule(hidden: 8, learningRate: 0.1))
    }
    #expect(none?.cause.contains("and 2 more") == true, "eight names, of which six are shown")
  }

  @Test("refuses a newer version and a description that is no JSON; another program's file has none")
  func versions() throws {
    try withFile { url in
      var writer = SafetensorsWriter(metadata: ["lab": #"{"version":2}"#])
      try writer.write(to: url)
      let newer = #expect(throws: LabError.self) { try Checkpoint(contentsOf: url) }
      #expect(newer?.cause.contains("newer version of this workspace (2, we read up to 1)") == true)
      writer = SafetensorsWriter(metadata: ["lab": "{"])
      try writer.write(to: url)
      #expect(throws: LabError.self) { try Checkpoint(contentsOf: url) }
      writer = SafetensorsWriter(metadata: ["format": "pt"])
      writer.add("fc.weight", floats: [1, 2], shape: [1, 2])
      writer.add("position_ids", int64s: [0, 1, 2], shape: [3])
      try writer.write(to: url)
      let foreign = try Checkpoint(contentsOf: url)
      #expect(foreign.lab == [:])
      #expect(foreign.contents == ["fc.weight": .floats([1, 2], shape: [1, 2])])
    }
  }
}
