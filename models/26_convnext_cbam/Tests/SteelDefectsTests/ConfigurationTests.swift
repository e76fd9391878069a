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
