import Engine
import Foundation
import Testing
import Utils

@testable import Captions
@testable import Runner

@Suite struct CaptionCatalogTests {
  private let name = "channel_fusion_lora_resnet50"

  private func network(_ words: [String]) throws -> (any CaptionNetwork, Settings, Experiment) {
    let catalog = ModelCatalog.captions(folder: "29", title: "a test", architecture: name)
    let experiment = try catalog.experiment("debug")
    var settings = experiment.settings
    for word in words { try settings.apply(word: word) }
    var random = RandomStream(seed: 1)
    let built = try catalog.network(name, settings.captionJSON, source: "a test", using: &random)
    return (try #require(built as? any CaptionNetwork), settings, experiment)
  }

  @Test func settingsReachTheNetworkAndACheckpointBringsThemBack() throws {
    let (network, settings, _) = try network(["lora_rank=4", "lora_alpha=8", "dora=true", "width=64"])
    #expect(network.configuration.lora == LoRA(rank: 4, alpha: 8, learnsMagnitudes: true))
    #expect(network.configuration.width == 64 && network.configuration.height == 24)
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    try Checkpoint(of: network, lab: ["configuration": settings.captionJSON]).write(to: url)
    let saved = try Checkpoint(contentsOf: url)
    let catalog = ModelCatalog.captions(folder: "29", title: "a test", architecture: name)
    var random = RandomStream(seed: 99)
    let rebuilt = try catalog.network(
      name, saved.lab["configuration"] ?? .null, source: "a test", using: &random)
    try saved.load(into: rebuilt)
    let x = Tensor.normal(shape: [1, network.inputs.width], using: &random)
    #expect(rebuilt(x).elements == network(x).elements)
    let error = #expect(throws: LabError.self) {
      _ = try catalog.network("triple_backbone_resnet50", [:], source: "x.safetensors", using: &random)
    }
    #expect(error?.cause.contains("triple_backbone_resnet50") == true)
  }

  /// The first step of AdamW is as long as the learning rate, whatever the gradient: so the rates can be read off.
  @Test(arguments: [
    ([String](), Float(1e-3), Float(1e-2)), (["learning_rate=0.002", "lr_classifier=0.0005"], 2e-3, 5e-4),
  ])
  func ratesReallyDiffer(_ words: [String], _ backbone: Float, _ head: Float) throws {
    let (network, settings, experiment) = try network(words + ["weight_decay=0"])
    let rule = try experiment.training.rule(
      for: network, .crossEntropy, settings, monitor: "val_accuracy", batchesPerEpoch: 1)
    var random = RandomStream(seed: 3)
    let batch = Batch(
      inputs: .normal(shape: [2, network.inputs.width], using: &random), labels: IndexTensor([1, 3]),
      indices: [0, 1])
    let before = network.parameters().map { ($0.name, $0.parameter, $0.parameter.value.elements) }
    _ = try withMode(.training, randomness: Randomness(seed: 1, step: 1)) { try rule.step(batch) }
    for (name, parameter, old) in before {
      let step = zip(parameter.value.elements, old).map { Swift.abs($0 - $1) }.max() ?? 0
      if parameter.isFrozen {
        #expect(step == 0, "\(name)")
      } else if name.contains("lora_A") {
        #expect(step == 0, "\(name) has no gradient as long as B is 0")
      } else if name.contains("backbone.") {
        #expect(Swift.abs(step / backbone - 1) < 0.02, "\(name) moved by \(step)")
      } else {
        #expect(Swift.abs(step / head - 1) < 0.02, "\(name) moved by \(step)")
      }
    }
  }

  @Test func theHeadIsEverythingButTheBackbone() throws {
    for entry in CaptionArchitectureRegistry.captions.list {
      var (random, small) = (RandomStream(seed: 1), CaptionConfiguration())
      small.fusionHiddenDim = 2
      let network = try entry.item.build(small, &random)
      let head = try ParameterGroup(of: network, matching: entry.item.head).parameters.map(\.name)
      let rest = network.parameters().map(\.name).filter { !head.contains($0) }
      #expect(rest.allSatisfy { $0.contains("backbone") } && !head.contains { $0.contains("backbone") })
    }
  }
}
