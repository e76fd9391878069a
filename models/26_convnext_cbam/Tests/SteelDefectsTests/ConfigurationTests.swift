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
