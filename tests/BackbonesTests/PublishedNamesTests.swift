import Backbones
import Engine
import Foundation
import Testing
import Utils
import Weights

/// Weights under the names of torchvision, timm and ConvNeXt's authors come into our networks, each to its place.
@Suite("Published names", .serialized)
struct PublishedNamesTests {
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Fixtures/weights").standardizedFileURL

  /// The names and shapes of timm 1.0.31's network, in its order of names.
  private func published(_ name: String) throws -> [(name: String, shape: [Int])] {
    let names = try JSONValue(parsing: Data(contentsOf: Self.fixtures.appending(path: "names.json")))
    return try #require(names[name]?.object).map { ($0.key, $0.value.array?.compactMap(\.int) ?? []) }
      .sorted { $0.0 < $1.0 }
  }

  /// A file of weights, every tensor filled with its place among the names; gives the numbers by name.
  private func write(_ tensors: [(name: String, shape: [Int])], to url: URL) throws -> [String: Float] {
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    var values: [String: Float] = [:]
    for (index, tensor) in tensors.enumerated() {
      values[tensor.name] = Float(index + 1)
      if tensor.name.hasSuffix("num_batches_tracked") {
        writer.add(tensor.name, int64s: [Int64(index + 1)], shape: tensor.shape)
      } else {
        let count = tensor.shape.reduce(1, *)
        writer.add(
          tensor.name, floats: [Float](repeating: Float(index + 1), count: count), shape: tensor.shape)
      }
    }
    try writer.write(to: url)
    return values
  }

  private func value(_ item: StateItem) -> Float {
    switch item {
    case .parameter(let parameter): parameter.value.elements[0]
    case .buffer(let buffer):
      if case .tensor(let tensor) = buffer.contents { tensor.elements[0] } else { Float(buffer.integer) }
    }
  }

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "names-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appending(path: "model.safetensors"))
  }

  @Test func aResNet() throws {
    try withFolder { file in
      let values = try write(published("resnet18"), to: file)
      var random = RandomStream(seed: 1)
      let network = ResNet.resNet18(using: &random)
      try PretrainedWeights(contentsOf: file).load(into: network)
      #expect(network.state().count == values.count)
      for (name, item) in network.state() { #expect(value(item) == values[name], "\(name)") }
    }
  }

  @Test func aConvNeXt() throws {
    try withFolder { file in
      let timm = try published("convnext_tiny")
      let values = try write(timm, to: file)
      var random = RandomStream(seed: 1)
      let network = ConvNeXt(.tiny, using: &random)
      try PretrainedWeights(contentsOf: file).load(into: network)
      let ours = Dictionary(
        uniqueKeysWithValues: timm.map { (network.ownName(of: $0.name), values[$0.name]) })
      #expect(ours.count == timm.count, "two published names became one")
      for (name, item) in network.state() { #expect(value(item) == ours[name] ?? nil, "\(name)") }
    }
  }

  @Test func aConvNeXtWithAttentionKeepsItsHeadAndItsAttention() throws {
    try withFolder { file in
      let timm = try published("convnext_tiny")
      let values = try write(timm, to: file)
      var random = RandomStream(seed: 1)
      let network = ConvNeXtCBAM(classes: 4, using: &random)
      let before = Dictionary(uniqueKeysWithValues: network.state().map { ($0.name, value($0.item)) })
      #expect(throws: LabError.self) { try PretrainedWeights(contentsOf: file).load(into: network) }
      try PretrainedWeights(contentsOf: file, newHead: true).load(into: network)
      let ours = Dictionary(
        uniqueKeysWithValues: timm.map { (network.ownName(of: $0.name), values[$0.name]) })
      for (name, item) in network.state() {
        let isOwn = name.hasPrefix("attention.") || name.hasPrefix("head.")
        #expect(value(item) == (isOwn ? before[name] ?? nil : ours[name] ?? nil), "\(name)")
      }
    }
  }

  @Test func theAuthorsNamesOfConvNeXt() {
    var random = RandomStream(seed: 1)
    let network = ConvNeXt(.tiny, using: &random)
    for (theirs, ours) in [
      "downsample_layers.0.0.weight": "features.0.0.weight",
      "downsample_layers.3.1.bias": "features.6.1.bias",
      "stages.2.8.dwconv.weight": "features.5.8.block.0.weight",
      "stages.0.1.norm.bias": "features.1.1.block.2.bias",
      "stages.3.0.pwconv1.weight": "features.7.0.block.3.weight",
      "stages.3.0.pwconv2.bias": "features.7.0.block.5.bias",
      "stages.1.2.gamma": "features.3.2.layer_scale", "norm.weight": "classifier.0.weight",
      "head.bias": "classifier.2.bias",
      "features.5.8.block.0.weight": "features.5.8.block.0.weight", "stages.x.weight": "stages.x.weight",
    ] { #expect(network.ownName(of: theirs) == ours) }
  }

  @Test func aHeadOfAnotherSize() throws {
    try withFolder { file in
      let values = try write(published("resnet18"), to: file)
      var random = RandomStream(seed: 1)
      let network = ResNet.resNet18(classes: 10, using: &random)
      let before = network.parameters().suffix(2).map(\.parameter.value.elements)
      let error = try #require(throws: LabError.self) {
        try PretrainedWeights(contentsOf: file).load(into: network)
      }
      #expect(
        error.description.contains(
          "fc.bias [1000] instead of [10], fc.weight [1000, 512] instead of [10, 512]"))
      #expect(error.remedy.contains("--new-head"))
      try PretrainedWeights(contentsOf: file, newHead: true).load(into: network)
      #expect(network.parameters().suffix(2).map(\.parameter.value.elements) == before)
      for (name, item) in network.state() where !name.hasPrefix("fc.") {
        #expect(value(item) == values[name], "\(name)")
      }
    }
  }

  /// Every misfit is named, and nothing is loaded.
  @Test func misfits() throws {
    try withFolder { file in
      var names = try published("resnet18").filter { !$0.name.hasPrefix("layer3.") }
      names.append(("layer5.weight", [1]))
      names[names.firstIndex { $0.name == "bn1.weight" } ?? 0].shape = [1, 64]
      _ = try write(names, to: file)
      var random = RandomStream(seed: 1)
      let network = ResNet.resNet18(using: &random)
      let before = network.parameters()[0].parameter.value.elements
      let error = try #require(throws: LabError.self) {
        try PretrainedWeights(contentsOf: file).load(into: network)
      }
      let missing = network.state().map(\.name).filter { $0.hasPrefix("layer3.") && !$0.hasSuffix("tracked") }
      #expect(missing.count > 20)
      for name in missing { #expect(error.cause.contains(name)) }
      #expect(error.cause.contains("has besides layer5.weight"))
      #expect(error.cause.contains("bn1.weight [1, 64] instead of [64]"))
      #expect(network.parameters()[0].parameter.value.elements == before)
    }
  }

  /// What training programs put around a network's weights, and what old files lack.
  @Test(arguments: ["state_dict.", "model.", "model_state_dict.module.", "module."])
  func wrapped(prefix: String) throws {
    try withFolder { file in
      let names = try published("resnet18").filter { !$0.name.hasSuffix("tracked") }.map {
        (prefix + $0.name, $0.shape)
      }
      let values = try write(
        names + (prefix == "module." ? [] : [("optimizer.state.0.exp_avg", [2])]), to: file)
      var random = RandomStream(seed: 1)
      let network = ResNet.resNet18(using: &random)
      try PretrainedWeights(contentsOf: file).load(into: network)
      for (name, item) in network.parameters() {
        #expect(item.value.elements[0] == values[prefix + name], "\(name)")
      }
    }
  }
}
