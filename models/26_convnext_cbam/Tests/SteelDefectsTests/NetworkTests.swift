import Backbones
import Engine
import Testing
import Utils

@testable import Runner
@testable import SteelDefects

/// The networks as rows and checkpoints name them.
@Suite struct NetworkTests {
  private func network(_ words: [String], row: String = "severstal", name: String) throws -> any Layer {
    var settings = try steelDefectsCatalog.experiment(row).settings
    for word in words { try settings.apply(word: word) }
    var random = RandomStream(seed: 1)
    let data: JSONValue = ["classes": row.hasSuffix("v2") ? 5 : 4]
    let all = configuration(settings, classes: data["classes"]?.int ?? 0)
    return try steelDefectsCatalog.network(name, all, source: "a test", using: &random)
  }

  /// The totals of the specification.
  @Test func sizes() throws {
    #expect(try network([], name: "convnext_tiny_cbam").parameterCount == 27_914_024)
    #expect(try network([], row: "severstal-v2", name: "convnext_tiny_cbam").parameterCount == 27_914_793)
    #expect(try network([], name: "convnext_tiny").parameterCount == 27_821_668)
    #expect(try network(["cbam_by_element=true"], name: "convnext_tiny_cbam").parameterCount == 27_844_904)
    #expect(try network([], name: "resnet50").parameterCount == 23_508_032 + 2048 * 4 + 4)
  }

  @Test func frozenPartsDoNotLearn() throws {
    func learning(_ words: [String], _ name: String) throws -> Int {
      try network(words, name: name).parameters().filter { !$0.parameter.isFrozen }
        .reduce(0) { $0 + $1.parameter.shape.elementCount }
    }
    #expect(try learning(["training.freeze_backbone=true"], "convnext_tiny_cbam") == 92_356 + 3076)
    #expect(try learning(["training.freeze_backbone=true"], "resnet50") == 2048 * 4 + 4)
    #expect(try learning(["training.freeze_early_stages=4"], "resnet50") == 2048 * 4 + 4)
    // the first convolution and its norm, and three bottlenecks of 64 channels
    #expect(
      try learning(["training.freeze_early_stages=1"], "resnet50") == 23_516_228 - (9408 + 128) - 215_808)
    #expect(
      try learning(["training.freeze_early_stages=1"], "convnext_tiny_cbam") == 27_914_024 - 4896 - 237_888)
  }

  @Test func attentionThatCannotStandIsRefused() throws {
    let error = #expect(throws: LabError.self) {
      _ = try network(["model.cbam_stages=[0, 3]"], name: "convnext_tiny_cbam")
    }
    #expect(error?.remedy.contains("from 1 to 4") == true)
    #expect(throws: LabError.self) {
      _ = try network(["model.cbam_stages=[3, 3]"], name: "convnext_tiny_cbam")
    }
  }
}
