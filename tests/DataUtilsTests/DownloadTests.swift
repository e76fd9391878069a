import Foundation
import TestSupport
import Testing
import Utils

@testable import DataUtils

/// Downloads from file:// addresses: the same `curl`, no network.
@Suite("Downloads")
struct DownloadTests {
  private let folder: TemporaryFolder
  private let content = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
  private var dataFolder: DataFolder { DataFolder(folder.url.appending(path: "data").path) }
  private var target: URL { dataFolder.root.appending(path: "flowers/table.bin") }
  private var part: URL { target.appendingPathExtension("part") }

  init() throws { folder = try TemporaryFolder() }

  private func entry(_ addresses: [String]) -> CatalogueEntry {
    let file = CatalogueEntry.File(
      path: "table.bin", bytes: content.count, sha256: SHA256.hex(of: content), addresses: addresses)
    return CatalogueEntry(
      name: "flowers", title: "Flowers", licence: "none", citation: "nobody",
      canonical: ["https://flowers.example"],
      files: [file])
  }

  private func address(_ bytes: [UInt8], _ name: String = "good") throws -> String {
    try folder.write(bytes, to: name).absoluteString
  }

  /// Fetches and gives back a word for each event.
  private func fetch(_ entry: CatalogueEntry) throws -> [String] {
    var events: [String] = []
    try dataFolder.fetch(entry) { event in
      switch event {
      case .present: events.append("present")
      case .began(_, _, let start): events.append("began at \(start)")
      case .progressed: break
      case .failed(_, _, let reason): events.append("failed: \(reason)")
      case .finished: events.append("finished")
      }
    }
    return events
  }

  private func expectComplete() throws {
    #expect(try Data(contentsOf: target) == Data(content))
    #expect(!FileManager.default.fileExists(atPath: part.path))
  }

  @Test func fromNothing() throws {
    let entry = entry([try address(content)])
    #expect(try fetch(entry) == ["began at 0", "finished"])
    try expectComplete()
    #expect(try fetch(entry) == ["present"])
  }

  @Test func goesOnWithAPartialFile() throws {
    try folder.write(content.prefix(4_000), to: "data/flowers/table.bin.part")
    #expect(try fetch(entry([try address(content)])) == ["began at 4000", "finished"])
    try expectComplete()
  }

  @Test func aDamagedPartialFileIsStartedAnew() throws {
    try folder.write([UInt8](repeating: 0, count: 4_000), to: "data/flowers/table.bin.part")
    #expect(try fetch(entry([try address(content)])) == ["began at 4000", "began at 0", "finished"])
    try expectComplete()
  }

  @Test func aCompletePartialFileNeedsNoTransfer() throws {
    try folder.write(content, to: "data/flowers/table.bin.part")
    #expect(try fetch(entry(["file:///nowhere/at/all"])) == ["finished"])
    try expectComplete()
  }

  @Test func aWrongFileInPlaceIsReplaced() throws {
    try folder.write([1, 2, 3], to: "data/flowers/table.bin")
    #expect(try fetch(entry([try address(content)])) == ["began at 0", "finished"])
    try expectComplete()
  }

  @Test func aDamagedMirrorThenAGoodOne() throws {
    var damaged = content
    damaged[5_000] ^= 1
    let events = try fetch(entry([try address(damaged, "damaged"), try address(content)]))
    #expect(events == ["began at 0", "failed: its checksum is wrong", "began at 0", "finished"])
    try expectComplete()
  }

  @Test func aMirrorThatIsGoneThenAGoodOne() throws {
    let events = try fetch(entry(["file:///nowhere/at/all", try address(content)]))
    #expect(events.count == 4)
    #expect(events[1].hasPrefix("failed: curl: (37)"))
    try expectComplete()
  }

  @Test func wrongSizes() throws {
    let short = entry([try address(Array(content.dropLast()), "short")])
    expectLabError(mentioning: "table.bin", "9999 bytes instead of 10000", "run the same command again") {
      _ = try fetch(short)
    }
    let long = entry([try address(content + content, "long")])
    expectLabError(mentioning: "table.bin", "larger than 10000 bytes") { _ = try fetch(long) }
    #expect(!FileManager.default.fileExists(atPath: target.path))
    #expect(!FileManager.default.fileExists(atPath: part.path))
  }

  @Test func aSetWithoutAnAddress() {
    expectLabError(mentioning: "flowers", "no public address", "https://flowers.example") {
      _ = try fetch(entry([]))
    }
    #expect(!FileManager.default.fileExists(atPath: dataFolder.root.path))
  }

  @Test(arguments: ["scp://host/x", "-o/tmp/x", "gopher://x"])
  func otherSchemesAreRefused(address: String) {
    expectLabError(mentioning: "none of http, https, file") { _ = try fetch(entry([address])) }
  }

  @Test func oneDownloadAtATime() throws {
    let entry = entry([try address(content)])
    let flowers = target.deletingLastPathComponent()
    try FileManager.default.createDirectory(at: flowers, withIntermediateDirectories: true)
    let other = open(flowers.path, O_RDONLY | O_DIRECTORY)
    #expect(flock(other, LOCK_EX) == 0)
    expectLabError(mentioning: "another download") { _ = try fetch(entry) }
    close(other)
    #expect(try fetch(entry) == ["began at 0", "finished"])
  }

  @Test func aFolderThatCannotBeMade() throws {
    try folder.write([1], to: "data")
    expectLabError(mentioning: "--data-root", "cannot be made") {
      _ = try fetch(entry([try address(content)]))
    }
  }
}
