import Foundation
import Testing
import Utils

@testable import Engine

@Suite("Low-rank adapters of a network") struct AdaptersTests {
  /// conv [6, 3, 3, 3] and shared [8, 6, 1, 1] before two linear layers, with a norm between.
  private func network(_ seed: UInt64 = 1) -> Sequential {
    var random = RandomStream(seed: seed)
    return Sequential(named: [
      ("conv", Conv2d(3, 6, kernel: 3, padding: 1, using: &random)), ("bn", BatchNorm2d(6)), ("relu", ReLU()),
      ("block", Sequential(Conv2d(6, 8, kernel: 1, bias: false, using: &random))), ("flat", Flatten()),
      ("fc1", Linear(8 * 16, 5, using: &random)), ("fc2", Linear(5, 3, using: &random)),
    ])
  }

  private func input() -> Tensor {
    var random = RandomStream(seed: 9)
    return .normal(shape: [2, 3, 4, 4], using: &random)
  }

  private func disturb(_ network: any Module) {
    var random = RandomStream(seed: 5)
    for (name, parameter) in network.parameters() where name.contains("lora_B") {
      parameter.set(.normal(shape: parameter.shape, using: &random))
    }
  }

  private func file() -> URL {
    FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors")
  }

  @Test("begin as the network that they adapt; names as in PEFT")
  func begin() throws {
    var random = RandomStream(seed: 2)
    let network = network()
    let before = network(input()).elements
    let names = try network.addAdapters(LoRA(rank: 2), to: ["*conv", "block.*", "fc1"], using: &random)
    #expect(names == ["conv", "block.0", "fc1"])
    #expect(network.adapters().map(\.name) == names)
    #expect(network.baseState().map(\.name) == self.network().state().map(\.name))
    #expect(network(input()).elements == before)
    #expect(
      network.state().map(\.name).filter { $0.hasPrefix("conv") } == [
        "conv.base_layer.weight", "conv.base_layer.bias", "conv.lora_A.weight", "conv.lora_B.weight",
      ])
    let a = try #require(network.parameters().first { $0.name == "conv.lora_A.weight" }?.parameter.value)
    let bound = (6 / (1.0001 * 3)).squareRoot()  // He uniform, slope 0.01, three inputs
    #expect(a.elements.allSatisfy { Swift.abs(Double($0)) <= bound } && a.elements.contains { $0 != 0 })
  }

  @Test(
    "what cannot be adapted is said, and nothing is changed",
    arguments: [
      ("bn", "bn cannot have a low-rank adapter: it is a BatchNorm2d"), ("fc3", "did you mean fc1"),
      ("*", "it is a BatchNorm2d"), ("x*", "no layer with parameters is called"),
    ])
  func refusals(_ pattern: String, _ words: String) throws {
    var random = RandomStream(seed: 2)
    let network = network()
    let error = #expect(throws: LabError.self) {
      try network.addAdapters(LoRA(rank: 2), to: ["conv", pattern], using: &random)
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(network.adapters().isEmpty && !network.parameters().contains { $0.parameter.isFrozen })
  }

  @Test("grouped and off-centre convolutions, a second adapter and no rank are refused")
  func unfitLayers() throws {
    var random = RandomStream(seed: 2)
    func refusal(_ layer: any Layer, _ lora: LoRA = LoRA(rank: 2)) -> String {
      do {
        _ = try lora.adapter(for: layer, named: "it", using: &random)
        return "taken"
      } catch { return "\(error)" }
    }
    var stream = RandomStream(seed: 3)
    let grouped = Conv2d(4, 4, kernel: 3, padding: 1, groups: 2, using: &stream)
    let even = Conv2d(4, 4, kernel: 2, using: &stream)
    let linear = Linear(2, 2, using: &stream)
    #expect(refusal(grouped).contains("it has 2 groups"))
    #expect(refusal(even).contains("has no middle; choose the reach kernel"))
    #expect(refusal(even, LoRA(rank: 2, reach: .kernel)) == "taken")
    #expect(refusal(linear, LoRA(rank: 0)).contains("its rank would be 0"))
    let adapter = try LoRA(rank: 1).adapter(for: linear, named: "it", using: &stream)
    #expect(refusal(adapter).contains("it has one"))
  }

  @Test("unfreezing lets the adapters learn again, and never what they stand around")
  func freezing() throws {
    var random = RandomStream(seed: 2)
    let network = network()
    try network.addAdapters(LoRA(rank: 2), to: ["conv", "fc1"], using: &random)
    func frozen() -> [String] {
      network.parameters().filter(\.parameter.isFrozen).map(\.name)
    }
    let bases = [
      "conv.base_layer.weight", "conv.base_layer.bias", "fc1.base_layer.weight", "fc1.base_layer.bias",
    ]
    #expect(frozen() == bases)
    network.freeze("*lora_*")
    #expect(frozen().count == bases.count + 4)
    network.unfreeze("*lora_*")
    #expect(frozen() == bases)
    network.freeze()
    network.unfreeze()
    #expect(frozen() == bases)
  }

  @Test("merged, the network is that of its bases: state, freezing and output")
  func merging() throws {
    var random = RandomStream(seed: 2)
    let network = network()
    let plain = network.state().map(\.name)
    try network.addAdapters(
      LoRA(rank: 2, alpha: 3, learnsMagnitudes: true), to: ["conv", "fc*"], using: &random)
    disturb(network)
    let y = network(input())
    network.mergeAdapters()
    #expect(network.state().map(\.name) == plain)
    #expect(zip(y.elements, network(input()).elements).allSatisfy { Swift.abs($0 - $1) < 1e-4 })
    let other = self.network(7)
    try Checkpoint(of: network, lab: [:]).load(into: other)
    #expect(zip(y.elements, other(input()).elements).allSatisfy { Swift.abs($0 - $1) < 1e-4 })
    network.unmergeAdapters()
    #expect(network.state().count > plain.count)
    #expect(zip(y.elements, network(input()).elements).allSatisfy { Swift.abs($0 - $1) < 1e-5 })
  }

  @Test("adapters are saved alone and loaded onto their base, other learnt parts with them")
  func files() throws {
    var random = RandomStream(seed: 2)
    let (network, base, url) = (network(), network(), file())
    defer { try? FileManager.default.removeItem(at: url) }
    let lora = LoRA(rank: 2, alpha: 3, scaling: .byRootOfRank, learnsMagnitudes: true)
    try network.addAdapters(lora, to: ["conv", "fc1"], using: &random)
    disturb(network)
    network.unfreeze()
    for (name, item) in network.state() where name.hasPrefix("bn.") {
      if case .parameter(let parameter) = item { parameter.set(.normal(shape: [6], using: &random)) }
    }
    let y = network(input()).elements
    try network.saveAdapters(to: url, with: ["bn.*"])
    let names = try SafetensorsFile(contentsOf: url).entries.map(\.name)
    #expect(names.count == 6 + 5 && !names.contains { $0.contains("base_layer") })
    try base.loadAdapters(from: url)
    #expect(base(input()).elements == y)
    #expect(base.adapters().allSatisfy { $0.adapter.lora == lora })
  }

  @Test("adapters of another network, and files without adapters, are refused before anything changes")
  func foreignFiles() throws {
    var random = RandomStream(seed: 2)
    let (network, url) = (network(), file())
    defer { try? FileManager.default.removeItem(at: url) }
    #expect(throws: LabError.self) { try network.saveAdapters(to: url) }
    try Checkpoint(of: network, lab: [:]).write(to: url)
    #expect(throws: LabError.self) { try self.network().loadAdapters(from: url) }
    try network.addAdapters(LoRA(rank: 2), to: ["fc1"], using: &random)
    try network.saveAdapters(to: url)
    let other = Sequential(named: [("fc1", Linear(4, 5, using: &random))])
    let error = #expect(throws: LabError.self) { try other.loadAdapters(from: url) }
    #expect(error?.cause.contains("fc1.lora_A.weight has no place in it, or another shape") == true)
    #expect(other.adapters().isEmpty && !other.parameters().contains { $0.parameter.isFrozen })
    network.mergeAdapters()
    #expect(throws: LabError.self) { try network.saveAdapters(to: url) }
  }
}
