import Engine
import TestSupport
import Testing
import Utils

@testable import Weights

/// Weights from elsewhere that a network begins with.
@Suite struct PretrainedWeightsTests {
  private func file(_ weights: [Float], in folder: TemporaryFolder) throws -> PretrainedWeights {
    let url = folder.url.appending(path: "weights.safetensors")
    var writer = SafetensorsWriter()
    writer.add("weight", floats: weights, shape: [2, 3])
    writer.add("bias", floats: [7, 8], shape: [2])
    try writer.write(to: url)
    return try PretrainedWeights(contentsOf: url)
  }

  @Test(arguments: [Float.nan, .infinity])
  func whatIsNoNumberIsRefusedAndNothingLoaded(value: Float) throws {
    let folder = try TemporaryFolder()
    var random = RandomStream(seed: 1)
    let layer = Linear(3, 2, using: &random)
    let before = layer.parameters().map { $0.parameter.value.elements }
    expectLabError(
      mentioning: "weights.safetensors: 2 of the 6 elements of weight are NaN or infinite",
      "download or convert"
    ) { try file([1, value, 3, value, 5, 6], in: folder).load(into: layer) }
    #expect(layer.parameters().map { $0.parameter.value.elements } == before)
    try file([1, 2, 3, 4, 5, 6], in: folder).load(into: layer)
    #expect(layer.parameters().map { $0.parameter.value.elements } == [[1, 2, 3, 4, 5, 6], [7, 8]])
  }
}
