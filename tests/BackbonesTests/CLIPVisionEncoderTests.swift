import Engine
import Foundation
import Testing
import Utils

@testable import Backbones

/// The picture encoder against Hugging Face's, with weights that both compute from one formula.
@Suite struct CLIPVisionEncoderTests {
  private func fixture() throws -> JSONValue {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../Fixtures/clip/clip.json")
    return try JSONValue(parsing: Array(Data(contentsOf: url.standardizedFileURL)))
  }

  private func wave(_ count: Int, _ step: Double, _ start: Double, _ height: Double, plus shift: Double = 0)
    -> [Float]
  {
    (0..<count).map { Float(height * sin(step * Double($0) + start) + shift) }
  }

  /// A small one: two layers of 128 features, patches of 8 x 8 of 32 x 32 pixels.
  private func small() -> CLIPVisionEncoder {
    var random = RandomStream(seed: 1)
    let network = CLIPVisionEncoder(imageSize: 32, patch: 8, width: 128, depth: 2, heads: 2, using: &random)
    for (k, entry) in network.parameters().sorted(by: { $0.name < $1.name }).enumerated() {
      let shift = entry.name.contains("norm") && entry.name.hasSuffix("weight") ? 1.0 : 0
      let numbers = wave(entry.parameter.shape.elementCount, 0.7, Double(k), 0.05, plus: shift)
      entry.parameter.set(Tensor(numbers, shape: entry.parameter.shape))
    }
    return network
  }

  private func agree(_ network: CLIPVisionEncoder) throws {
    let x = Tensor(wave(2 * 3 * 32 * 32, 0.1, 0, 1), shape: [2, 3, 32, 32])
    let theirs = try #require(fixture()["pooled"]?.array).compactMap(\.double)
    let ours = network(x).elements
    #expect(ours.count == theirs.count && ours.count == 2 * 128)
    #expect(zip(ours, theirs).allSatisfy { abs(Double($0) - $1) < 1e-4 })
  }

  @Test func namesAndNumbersAreThePublished() throws {
    let network = small()
    let names = try #require(fixture()["names"]?.array).compactMap(\.string)
    #expect(network.parameters().map(\.name).sorted() == names)
    try agree(network)
  }

  @Test func filesAreReadWithoutTheTextSide() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    var writer = SafetensorsWriter()
    for (name, parameter) in small().parameters() {
      writer.add(name, floats: parameter.value.elements, shape: Array(parameter.shape))
    }
    writer.add("text_model.final_layer_norm.bias", floats: [1, 2], shape: [2])
    writer.add("vision_model.embeddings.position_ids", int64s: Array(0..<17), shape: [1, 17])
    try writer.write(to: url)
    let read = try CLIPVisionEncoder(contentsOf: url)
    #expect(read.imageSize == 32)
    try agree(read)
  }

  @Test func otherFilesAreRefused() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    var writer = SafetensorsWriter()
    writer.add("vision_model.embeddings.position_embedding.weight", floats: [1, 2], shape: [2, 1])
    try writer.write(to: url)
    let error = #expect(throws: LabError.self) { try CLIPVisionEncoder(contentsOf: url) }
    #expect(error?.cause.contains("no CLIP picture encoder") == true)
  }
}
