import Backbones
import Engine
import Foundation
import Testing
import Utils
import Weights

@testable import Captions

/// A published ResNet-50, classifier and all, becomes every backbone of a caption network.
@Suite struct PretrainedBackboneTests {
  @Test(arguments: CaptionArchitectureRegistry.captions.names)
  func everyBackboneBeginsWithIt(_ name: String) throws {
    var random = RandomStream(seed: 4)
    let published = ResNet.resNet50(classes: 3, using: &random)
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    try Checkpoint(of: published, lab: [:]).write(to: url)
    let network = try CaptionArchitectureRegistry.captions.network(
      name, CaptionConfiguration(), using: &random)
    try PretrainedWeights(contentsOf: url).load(into: network)

    let features = ResNet.resNet50(classes: nil, using: &random)
    let wanted = Dictionary(uniqueKeysWithValues: published.state().map { ($0.name, $0.item) })
    for (name, item) in features.state() {
      if case .parameter(let own) = item, case .parameter(let other)? = wanted[name] { own.set(other.value) }
    }
    let x = Tensor.normal(shape: [1, 3, 32, 48], using: &random)
    let y = features(x).elements
    for backbone in network.backbones {
      let layer = try #require(backbone as? any Layer)
      #expect(layer(x).elements == y)
    }
    #expect(network.trainableCount == (name.contains("lora") ? 3_907_920 : network.totalCount))
  }

  @Test func anotherArchitectureIsRefused() throws {
    var random = RandomStream(seed: 4)
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    try Checkpoint(of: ResNet.resNet18(classes: 3, using: &random), lab: [:]).write(to: url)
    let network = try ChannelFusionLoRAResNet50(using: &random)
    #expect(throws: LabError.self) { try PretrainedWeights(contentsOf: url).load(into: network) }
  }
}
