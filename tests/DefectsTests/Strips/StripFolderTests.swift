import Foundation
import Images
import TestSupport
import Testing
import Utils

@testable import Defects

@Suite struct StripFolderTests {
  private let parent: TemporaryFolder
  private let set: StripFolder

  init() throws {
    parent = try TemporaryFolder()
    set = try StripFolder(SteelStrips(height: 32, width: 64, seed: 1), count: 12)
  }

  private var folder: URL { parent.url.appending(path: "steel") }

  private func contents() throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      contents[path] = FileManager.default.contents(atPath: folder.appending(path: path).path)
    }
    return contents
  }

  @Test func imagesAnnotationsAndTableAgreeWithTheStrips() throws {
    #expect(try set.make(at: folder) == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "img").path)
    #expect(names.sorted() == (0..<12).map { set.name($0) } && set.name(3) == "strip_000003.jpg")
    let json = try AnnotationSource(at: folder.appending(path: "ann"))
    let table = try AnnotationSource(at: folder.appending(path: "train.csv"))
    for index in 0..<12 {
      let (pixels, objects) = set.strips.strip(index)
      let url = folder.appending(path: "img/\(set.name(index))")
      let picture = try DecodedImage(contentsOf: url)
      #expect(picture.channels == 3 && picture.height == 32 && picture.width == 64)
      let difference = zip(picture.planes.prefix(pixels.count), pixels).map { abs(Int($0) - Int($1)) }
      #expect(Double(difference.reduce(0, +)) / Double(pixels.count) < 4)
      let annotation = json.annotation(of: set.name(index), height: 32, width: 64, classes: .four)
      #expect(annotation.present == Set(objects.map(\.kind)) && annotation.findings == [])
      #expect(annotation.objectCount == objects.count)
      #expect(annotation.mask.map.count { $0 > 0 } == objects.reduce(0) { $0 + $1.mask.map.count { $0 > 0 } })
      let other = table.annotation(of: set.name(index), height: 32, width: 64, classes: .four)
      #expect(other.mask == annotation.mask && other.present == annotation.present)
    }
  }

  @Test func anInterruptedMakingGoesOnToTheSameSet() throws {
    try set.make(at: folder)
    let whole = try contents()
    // What an interruption leaves: some images, the last without its annotation, and no table.
    let partial = parent.url.appending(path: ".steel.partial")
    try FileManager.default.moveItem(at: folder, to: partial)
    for path in [
      "train.csv", "ann/strip_000004.jpg.json", "ann/strip_000009.jpg.json", "img/strip_000009.jpg",
    ] {
      try FileManager.default.removeItem(at: partial.appending(path: path))
    }
    #expect(try set.make(at: folder) == 10)
    #expect(try contents() == whole)
    #expect(!FileManager.default.fileExists(atPath: partial.path))
  }

  @Test func whatIsThereIsNotOverwritten() throws {
    try parent.write([1], to: "steel/mine.txt")
    expectLabError(mentioning: "steel is there already") { _ = try set.make(at: folder) }
    #expect(try contents().keys.sorted() == ["mine.txt"])
  }

  @Test func aHalfMadeSetOfAnotherRecipeIsRefused() throws {
    try parent.write(#"{"kind": "steel"}"#.utf8, to: ".steel.partial/steel.json")
    expectLabError(mentioning: ".steel.partial holds a half-made set", "remove the folder") {
      _ = try set.make(at: folder)
    }
  }

  @Test func placesThatCannotBeWrittenAreNamed() throws {
    try parent.write([1], to: "file")
    expectLabError(mentioning: "cannot be made") {
      _ = try set.make(at: parent.url.appending(path: "file/steel"))
    }
    expectLabError(mentioning: "0 strips") { _ = try StripFolder(set.strips, count: 0) }
  }
}
