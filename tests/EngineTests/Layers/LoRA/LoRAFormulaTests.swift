import Foundation
import Testing
import Utils

@testable import Engine

/// One case of `Fixtures/lora`: a layer with its adapter, and what PyTorch made of the published formula.
struct LoRACase: Sendable, CustomTestStringConvertible {
  let fields: JSONValue
  let file: SafetensorsFile

  var name: String { fields["case"]?.string ?? "" }
  var testDescription: String { name }

  static let all: [LoRACase] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Fixtures/lora").standardizedFileURL
    guard let text = try? Data(contentsOf: folder.appending(path: "lora.json")),
      let list = try? JSONValue(parsing: text).array,
      let file = try? SafetensorsFile(contentsOf: folder.appending(path: "lora.safetensors"))
    else { return [] }
    return list.map { LoRACase(fields: $0, file: file) }
  }()

  func tensor(_ part: String) throws -> Tensor {
    Tensor(
      try file.floats("\(name).\(part)"), shape: Shape(try #require(file["\(name).\(part)"]?.shape)))
  }

  /// Our layer with its adapter, and with the case's numbers.
  func adapted() throws -> any LowRankAdapter {
    var random = RandomStream(seed: 1)
    let weight = try tensor("weight")
    let bias = file["\(name).bias"] != nil
    let base: any Layer =
      fields["kind"]?.string == "linear"
      ? Linear(weight.shape[1], weight.shape[0], bias: bias, using: &random)
      : Conv2d(
        weight.shape[1], weight.shape[0], kernel: [weight.shape[2], weight.shape[3]],
        stride: fields["stride"]?.int ?? 1, padding: fields["padding"]?.int ?? 0,
        dilation: fields["dilation"]?.int ?? 1, bias: bias, using: &random)
    for (part, parameter) in base.parameters() { parameter.set(try tensor(part)) }
    let lora = LoRA(
      rank: try #require(fields["rank"]?.int), alpha: Float(try #require(fields["alpha"]?.double)),
      scaling: try #require(LoRA.Scaling(rawValue: fields["scaling"]?.string ?? "")),
      reach: try #require(LoRA.Reach(rawValue: fields["reach"]?.string ?? "")),
      learnsMagnitudes: fields["dora"]?.bool == true)
    let adapter = try lora.adapter(for: base, named: name, using: &random)
    for (part, parameter) in adapter.parameters() where part.hasPrefix("lora_") {
      parameter.set(try tensor(Self.fixtureName(part)))
    }
    return adapter
  }

  static func fixtureName(_ part: String) -> String {
    part == "lora_magnitude_vector" ? "magnitude" : part.replacing(".weight", with: "")
  }
}

@Suite("Low-rank adapters against PyTorch") struct LoRAFormulaTests {
  private func distance(_ a: Tensor, _ b: Tensor) -> Float {
    a.shape == b.shape ? zip(a.elements, b.elements).map { Swift.abs($0 - $1) }.max() ?? 0 : .infinity
  }

  @Test("there are cases") func casesAreThere() { #expect(LoRACase.all.count == 12) }

  @Test("output and gradients are the published formula's", arguments: LoRACase.all)
  func formula(_ torch: LoRACase) throws {
    let layer = try torch.adapted()
    let (x, g) = (try torch.tensor("x"), try torch.tensor("g"))
    #expect(distance(layer(x), try torch.tensor("y")) < 1e-4)
    let ofX = valueAndGradients(at: [x], upstream: g) { layer($0[0]) }.gradients
    #expect(distance(try #require(ofX[0]), try torch.tensor("dx")) < 1e-4)
    let (_, gradients) = valueAndGradients { (layer(x) * g).sum() }
    for (name, parameter) in layer.parameters() {
      guard name.hasPrefix("lora_") else {
        #expect(gradients[parameter] == nil, "\(name)")
        continue
      }
      let wanted = try torch.tensor("d" + LoRACase.fixtureName(name))
      #expect(distance(try #require(gradients[parameter]), wanted) < 2e-4, "\(name)")
    }
  }

  @Test("merged weights are the formula's, give the same output, and come out again", arguments: LoRACase.all)
  func merging(_ torch: LoRACase) throws {
    let layer = try torch.adapted()
    let x = try torch.tensor("x")
    let before = layer(x)
    layer.merge()
    layer.merge()
    #expect(layer.isMerged)
    let merged = try #require(layer.parameters().first { $0.name == "weight" }?.parameter.value)
    #expect(distance(merged, try torch.tensor("merged")) < 1e-5)
    #expect(distance(layer(x), before) < 1e-4)
    layer.unmerge()
    layer.unmerge()
    let base = try #require(layer.parameters().first { $0.name == "base_layer.weight" }?.parameter.value)
    #expect(distance(base, try torch.tensor("weight")) < 1e-5)
    #expect(distance(layer(x), before) < 1e-5)
  }
}
