import TestSupport
import Testing
import Utils

@testable import DataUtils

@Suite("CIFAR-10 files")
struct CIFAR10Tests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func recordsBecomeImages() throws {
    let records = [UInt8(3)] + [UInt8](repeating: 7, count: 3072) + [9] + [UInt8](repeating: 8, count: 3072)
    let (images, labels) = try CIFAR10.read(folder.write(records, to: "batch.bin"))
    #expect(labels == [3, 9])
    #expect(images.count == 2 * 3072)
    #expect(images[3071] == 7)
    #expect(images[3072] == 8)
  }

  @Test func refusesOtherFiles() throws {
    let record = [UInt8](repeating: 10, count: 3073)
    for (bytes, complaint) in [
      ([], "batch.bin is empty"), (Array(record.dropLast()), "3073-byte records"), (record, "class 10"),
    ] {
      let file = try folder.write(bytes, to: "batch.bin")
      expectLabError(mentioning: "batch.bin", complaint) { _ = try CIFAR10.read(file) }
    }
  }
}
