import DataUtils
import Engine
import TestSupport
import Testing
import Utils

@testable import Runner

@Suite struct AugmentationPlanTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  private func numbers(_ loader: Loader, epoch: Int = 1) throws -> [Float] {
    var batches = loader.batches(epoch: epoch, startingAt: 0)
    var all: [Float] = []
    while let batch = try batches.next() { all += batch.inputs.elements }
    return all
  }

  @Test func trainingImagesAreChangedAndJudgedOnesAreNot() throws {
    let (plain, changed) = (try bench.plan("pictures"), try bench.plan("pictures", "crop_padding=2"))
    #expect(try numbers(changed.trainingLoader()) != numbers(plain.trainingLoader()))
    #expect(try numbers(changed.trainingLoader()) == numbers(changed.trainingLoader()))
    #expect(try numbers(changed.trainingLoader(), epoch: 2) != numbers(changed.trainingLoader(), epoch: 1))
    for part in [DataSplits.Part.train, .all] {
      #expect(try numbers(changed.loader(for: part)) == numbers(plain.loader(for: part)))
    }
  }

  @Test func everySettingGivesItsAugmentation() throws {
    let kinds = try ["crop_padding=1", "shift=1", "rotation=10", "flip=true"].flatMap {
      try bench.plan("pictures", $0).augmentations.compactMap { $0.json["kind"]?.string }
    }
    #expect(kinds == ["random_crop", "random_shift", "random_rotation", "horizontal_flip"])
    #expect(try bench.plan("pictures").augmentations.isEmpty)
    #expect(AugmentationPlan.cropAndFlip.settings.map(\.key).count == 6)
  }

  @Test func coloursOfGreyImagesCannotBeChanged() throws {
    expectLabError(mentioning: "color_jitter", "1 channel") {
      try bench.plan("pictures", "color_jitter=0.4")
    }
    expectLabError(mentioning: "lighting") { try bench.plan("pictures", "lighting=0.1") }
  }

  @Test func aTableHasNoSuchSettings() throws {
    expectLabError(mentioning: "flip") { try bench.plan("three-blobs", "flip=true") }
  }
}
