import Foundation
import TestSupport
import Testing
import Utils

@testable import Defects

@Suite struct SplitFilesTests {
  private let names = ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
  private let split = SplitIndices(train: [0, 3], val: [1], test: [2])

  @Test func whatIsWrittenIsReadBack() throws {
    let folder = try TemporaryFolder()
    try SplitFiles.write(split, names: names, to: folder.url.appending(path: "splits"))
    let written = try String(contentsOf: folder.url.appending(path: "splits/train.txt"), encoding: .utf8)
    #expect(written == "a.jpg\nd.jpg\n")
    #expect(try SplitFiles.read(folder.url.appending(path: "splits"), names: names) == split)
  }

  @Test func everyFaultIsNamed() throws {
    let folder = try TemporaryFolder()
    try SplitFiles.write(split, names: names, to: folder.url)
    func fault(_ part: String, _ text: String) throws -> String {
      try SplitFiles.write(split, names: names, to: folder.url)
      try folder.write(text.utf8, to: "\(part).txt")
      return expectLabError(mentioning: "make the split anew") {
        _ = try SplitFiles.read(folder.url, names: names)
      }
    }
    #expect(try fault("val", "b.jpg\nx.jpg\ny.jpg\n").contains("not there: x.jpg in val.txt and 1 more"))
    #expect(try fault("test", "c.jpg\na.jpg\n").contains("twice: a.jpg, again in test.txt"))
    #expect(try fault("train", "a.jpg\n").contains("leaves images out: d.jpg"))
    try FileManager.default.removeItem(at: folder.url.appending(path: "val.txt"))
    expectLabError(mentioning: "val.txt") { _ = try SplitFiles.read(folder.url, names: names) }
  }
}
