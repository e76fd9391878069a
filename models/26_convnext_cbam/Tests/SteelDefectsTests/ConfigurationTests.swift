import Engine
import Foundation
import Testing
import Utils

@testable import Runner
@testable import SteelDefects

/// The files in `config` against the rows that they belong to.
@Suite struct ConfigurationTests {
  private func settings(_ file: String, _ row: String) throws -> (row: Settings, file: Settings) {
    let row = try steelDefectsCatalog.experiment(row).settings
    var read = row
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../config")
    try ConfigFile(contentsOf: folder.appending(path: file).standardizedFileURL).apply(to: &read)
    return (row, read)
  }

  @Test func aFileAloneMeansTheRowThatItChangesLeast() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../config")
    for (file, row) in [("train_config.yaml", "severstal"), ("train_config_v2.yaml", "severstal-v2")] {
      let config = try ConfigFile(contentsOf: folder.appending(path: file).standardizedFileURL)
      #expect(config.row(of: steelDefectsCatalog.experiments)?.name == row)
    }
  }

  @Test func thePublishedListIsAWord() throws {
    let row = try steelDefectsCatalog.experiment("severstal-v2")
    var settings = row.settings
    try settings.apply(word: "loss.alpha=manual")
    let counts = ClassCounts(samples: 5, positives: [1, 1, 1, 1, 1])
    let loss = try row.training.loss(settings, for: LossData(training: counts) { counts })
    #expect(loss?.parameters["alpha"] == [0.375, 0.75, 0.7, 0.375, 0.99])
    let four = ClassCounts(samples: 5, positives: [1, 1, 1, 1])
    let refused = #expect(throws: LabError.self) {
      _ = try row.training.loss(settings, for: LossData(training: four) { four })
    }
    #expect(refused?.cause == "loss.alpha=manual is the published list for 5 classes, and there are 4")
    let error = #expect(throws: LabError.self) { try settings.apply(word: "loss.reduction=none") }
    #expect(error?.cause.contains("a training lowers one number") == true)
  }

  @Test func whatCannotBeDoneToGreyStripsIsRefusedBeforeTheyAreDrawn() throws {
    let row = try steelDefectsCatalog.experiment("strips")
    var settings = row.settings
    try row.data.checkAugmentations(settings)
    try settings.apply(word: "augmentation_preset=heavy")
    let error = #expect(throws: LabError.self) { try row.data.checkAugmentations(settings) }
    #expect(error?.cause.contains("changes colours") == true)
  }

  @Test func theFirstErasFileIsTheRow() throws {
    let (row, file) = try settings("train_config.yaml", "severstal")
    #expect(file.json == row.json)
  }

  @Test func aPresetThatIsTypedBesideAFileWins() throws {
    var (_, settings) = try settings("train_config.yaml", "severstal")
    try settings.apply(word: "augmentation.vertical_flip=0.9")
    try settings.apply(word: "augmentation_preset=none")
    #expect(settings.value(of: "augmentation.rotation") == nil)
    #expect(settings.value(of: "augmentation.vertical_flip") == 0.9, "what is typed by itself wins over both")
  }

  @Test func theMergedFileGivesEverySettingAgain() throws {
    for row in steelDefectsCatalog.experiments where row.config != nil {
      var changed = row.settings
      for word in ["dropout=0.1", "accumulate=6", "augmentation_preset=light", "loss.gamma=3"] {
        try changed.apply(word: word)
      }
      let layout = try #require(row.config)
      let text = try ConfigFile.text(changed, layout)
      var read = row.settings
      try ConfigFile(Array(text.utf8), name: "train_config.yaml").apply(to: &read)
      let differing = changed.all.map(\.key).filter { changed.value(of: $0) != read.value(of: $0) }
      #expect(differing.allSatisfy { $0 == "augmentation_preset" }, "\(differing)")
    }
  }

  @Test func theSecondErasFileChangesWhatItSays() throws {
    let (row, file) = try settings("train_config_v2.yaml", "severstal-v2")
    let changed = row.all.map(\.key).filter { row.value(of: $0) != file.value(of: $0) }
    #expect(
      Set(changed) == [
        "data.num_workers", "data.pin_memory", "augmentation.vertical_flip", "augmentation.rotation",
        "augmentation.brightness_contrast", "augmentation.defect_blackout",
      ])
  }
}
