import TestSupport
import Testing
import Utils

@testable import Defects

@Suite struct AugmentationRegistryTests {
  private func steps(_ configuration: [(name: String, value: JSONValue)]) throws -> AugmentationSteps {
    try AugmentationRegistry.steel.steps(configuration, classes: .five)
  }

  private func kinds(_ steps: AugmentationSteps) -> [String] {
    steps.images.compactMap { $0.json["kind"]?.string }
  }

  @Test func theOrderIsThatOfTheConfiguration() throws {
    let steps = try steps([
      ("gaussian_blur", true), ("vertical_flip", 0.2), ("defect_blackout", true), ("horizontal_flip", 1),
    ])
    #expect(kinds(steps) == ["gaussian_blur", "vertical_flip", "horizontal_flip"])
    #expect(steps.targets.map { $0.json["kind"]?.string } == ["defect_blackout"])
    #expect(steps.images[1].json["probability"] == 0.2)
  }

  @Test func nullAndFalseDisableAndTrueTakesTheDefaults() throws {
    let steps = try steps([
      ("horizontal_flip", nil), ("vertical_flip", false), ("rotation", true), ("color_jitter", [:]),
    ])
    #expect(kinds(steps) == ["random_rotation", "color_jitter"])
    #expect(steps.images[0].json["degrees"] == 15.0 && steps.images[0].json["probability"] == 0.5)
    #expect(steps.images[1].json["hue"] == 0.05 && steps.images[1].json["saturation"] == 0.1)
  }

  @Test func aNumberStandsForTheMainParameters() throws {
    let steps = try steps([("brightness_contrast", 0.3), ("rotation", 30), ("gaussian_blur", 5)])
    #expect(steps.images[0].json["brightness"] == 0.3 && steps.images[0].json["contrast"] == 0.3)
    #expect(steps.images[1].json["degrees"] == 30.0)
    #expect(steps.images[2].json["kernel_size"] == 5 && steps.images[2].json["sigma"] == [0.1, 2.0])
  }

  @Test func defectsAreNumberedFromOneInBothEras() throws {
    for (classes, indices) in [(DefectClasses.four, [0, 1]), (.five, [1, 2])] {
      let steps = try AugmentationRegistry.steel.steps(
        [("defect_blackout", ["classes": [1, 2], "min_pixels": 15])], classes: classes)
      #expect((steps.targets[0] as? DefectBlackout)?.chosen == indices)
      #expect((steps.targets[0] as? DefectBlackout)?.minPixels == 15)
    }
    let all = try steps([("defect_blackout", true)]).targets[0] as? DefectBlackout
    #expect(all?.chosen == [1, 2, 3, 4])
  }

  @Test func wrongNamesAndValuesAreAnsweredWithWhatIsRight() {
    expectLabError(mentioning: "\"rotatoin\"", "did you mean rotation?") { _ = try steps([("rotatoin", 15)]) }
    expectLabError(mentioning: "\"degree\"", "did you mean degrees?") {
      _ = try steps([("rotation", ["degree": 15])])
    }
    expectLabError(mentioning: "probability of horizontal_flip cannot be 1.5", "from 0 to 1") {
      _ = try steps([("horizontal_flip", 1.5)])
    }
    expectLabError(mentioning: "an odd number") { _ = try steps([("gaussian_blur", 4)]) }
    expectLabError(mentioning: "the smaller first") {
      _ = try steps([("gaussian_blur", ["sigma": [2, 1]])])
    }
    expectLabError(mentioning: "from 1 to 4") { _ = try steps([("defect_blackout", ["classes": [0]])]) }
    expectLabError(mentioning: "color_jitter cannot be 0.1") { _ = try steps([("color_jitter", 0.1)]) }
    expectLabError(mentioning: "true or false") {
      _ = try steps([("defect_aware_cutmix", ["unite_targets": 1])])
    }
  }

  @Test func anExperimentMayAddItsOwn() throws {
    var registry = AugmentationRegistry.steel
    #expect(registry.names.count == 8 && !registry.has("mirror"))
    registry.register("mirror", try registry.get("vertical_flip"), description: "upside down")
    let steps = try registry.steps([("mirror", 1)], classes: .four)
    #expect(steps.names == ["mirror"] && kinds(steps) == ["vertical_flip"])
    #expect(!AugmentationRegistry.steel.has("mirror"))
  }
}

@Suite struct AugmentationPresetTests {
  @Test func presetsAreThePublishedOnes() throws {
    func json(_ preset: AugmentationPreset) throws -> JSONValue {
      try AugmentationRegistry.steel.steps(preset.configuration, classes: .four).json
    }
    let flip: JSONValue = ["kind": "horizontal_flip", "probability": 0.5]
    #expect(try json(.standard).array?.first == flip)
    #expect(
      try json(.standard).array?.map { $0["kind"]?.string } == [
        "horizontal_flip", "vertical_flip", "random_rotation", "color_jitter",
      ])
    #expect(try json(.light).array?.count == 2)
    #expect(
      try json(.heavy).array?.last == ["kind": "gaussian_blur", "kernel_size": 3, "sigma": [0.1, 2.0]])
    #expect(try json(.heavy).array?[2] == ["kind": "random_rotation", "degrees": 30.0, "probability": 0.7])
    #expect(try json(.none) == [])
    #expect(try AugmentationPreset(named: "heavy") == .heavy)
    expectLabError(mentioning: "standard, light, heavy, none") { _ = try AugmentationPreset(named: "strong") }
  }
}
