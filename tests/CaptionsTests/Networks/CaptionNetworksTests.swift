import Engine
import Foundation
import Testing
import Utils

@testable import Captions

/// The three networks against the specification's tables.
@Suite struct CaptionNetworksTests {
  private func network(
    _ name: String, _ change: (inout CaptionConfiguration) -> Void = { _ in }
  ) throws -> any CaptionNetwork {
    var random = RandomStream(seed: 1)
    var configuration = CaptionConfiguration()
    change(&configuration)
    return try CaptionArchitectureRegistry.captions.network(name, configuration, using: &random)
  }

  private func small(_ configuration: inout CaptionConfiguration) {
    (configuration.height, configuration.width) = (16, 48)
  }

  @Test(arguments: [
    ("triple_backbone_resnet50", 77_787_717, 77_787_717, 3 * 2048 + 256),
    ("shared_backbone_resnet50", 30_771_653, 30_771_653, 3 * 2048 + 256),
    ("channel_fusion_lora_resnet50", 27_362_832, 3_907_920, 2048 + 256),
  ]) func counts(_ name: String, _ total: Int, _ trainable: Int, _ features: Int) throws {
    let network = try network(name)
    #expect(network.totalCount == total && network.trainableCount == trainable)
    #expect(try CaptionArchitectureRegistry.captions.get(name).count(CaptionConfiguration()) == total)
    let first = network.parameters().first { $0.name == "fusion_mlp.0.weight" }
    #expect(first?.parameter.shape == [1024, features])
  }

  @Test(arguments: [
    (4, 26_773_740, 3_318_828), (8, 26_970_104, 3_515_192), (32, 28_148_288, 4_693_376),
  ]) func ranks(_ rank: Int, _ total: Int, _ trainable: Int) throws {
    let network = try network("channel_fusion_lora_resnet50") { $0.lora = LoRA(rank: rank) }
    #expect(network.totalCount == total && network.trainableCount == trainable)
    #expect(network.adapters().count == 53)
  }

  @Test func normsMayBeFrozen() throws {
    let network = try network("channel_fusion_lora_resnet50") { $0.trainsNorms = false }
    #expect(network.totalCount == 27_362_832 && network.trainableCount == 3_854_800)
  }

  @Test(arguments: CaptionArchitectureRegistry.captions.names)
  func fiveInputsBecomeFiveClasses(_ name: String) throws {
    let network = try network(name, small)
    #expect(
      network.inputs.parts.map(\.name) == [
        "ocr_viz", "frame1", "frame2", "spatial_features", "font_embedding",
      ])
    var random = RandomStream(seed: 2)
    let parts = network.inputs.parts.map { part in
      Tensor.normal(shape: Shape([2] + Array(part.shape)), using: &random)
    }
    let y = network(parts)
    #expect(y.shape == [2, 5])
    #expect(network(network.inputs.joined(parts)).elements == y.elements)
    for (place, part) in parts.enumerated() {
      var others = parts
      others[place] = part + 1
      #expect(
        network(others).elements != y.elements, "\(network.inputs.parts[place].name) counts for nothing")
    }
  }

  @Test func freezingSparesTheHeadAndNeverFreesABase() throws {
    let triple = try network("triple_backbone_resnet50")
    triple.freezeFeatures()
    #expect(triple.trainableCount == 77_787_717 - 3 * 23_508_032)
    triple.unfreezeFeatures()
    #expect(triple.trainableCount == triple.totalCount)
    let shared = try network("shared_backbone_resnet50")
    shared.freezeFeatures()
    #expect(shared.trainableCount == 30_771_653 - 23_508_032)
    let lora = try network("channel_fusion_lora_resnet50")
    lora.freezeFeatures()
    #expect(lora.trainableCount == 3_907_920 - 785_456)
    lora.unfreezeFeatures()
    lora.unfreeze()
    #expect(lora.trainableCount == 3_907_920)
  }

  /// The first channel of what the backbone sees, of nine channels that hold 1 to 9.
  @Test(arguments: [(CaptionConfiguration.ChannelFusion.all, Float(15)), (.matched, 4)])
  func mixing(_ fusion: CaptionConfiguration.ChannelFusion, _ first: Float) throws {
    var random = RandomStream(seed: 1)
    var configuration = CaptionConfiguration()
    configuration.channelFusion = fusion
    let network = try ChannelFusionLoRAResNet50(configuration, using: &random)
    let x = Tensor((1...9).map(Float.init), shape: [1, 9, 1, 1])
    #expect(Swift.abs(network.channel_fusion(x).elements[0] - first) < 1e-5)
  }

  @Test func adaptersAreSavedAlone() throws {
    let network = try network("channel_fusion_lora_resnet50")
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    try network.saveAdapters(to: url)
    let size = try #require(FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int)
    #expect(size > 4 * 785_456 && size < 4_000_000)
    try self.network("channel_fusion_lora_resnet50").loadAdapters(from: url)
  }
}
