import DataUtils
import Foundation
import Images
import TestSupport
import Testing
import Utils

@testable import Defects

@Suite struct AnnotationFolderTests {
  private let folder: TemporaryFolder
  private let source: AnnotationSource

  init() throws {
    folder = try TemporaryFolder()
    source = try AnnotationSource(at: folder.url)
  }

  private func annotation(_ name: String = "a.jpg") -> AnnotationSource.Annotation {
    source.annotation(of: name, height: 2, width: 3, classes: .five)
  }

  private func write(_ json: JSONValue, _ file: String = "a.jpg.json") throws {
    try folder.write(json.utf8(), to: file)
  }

  private func object(_ title: String, _ bitmap: JSONValue) -> JSONValue {
    ["classTitle": .string(title), "geometryType": "bitmap", "bitmap": bitmap]
  }

  private func file(_ objects: JSONValue...) -> JSONValue {
    ["size": ["height": 2, "width": 3], "objects": .array(objects), "tags": []]
  }

  private let dot = bitmap(DecodedImage(width: 1, height: 1, channels: 1, pixels: [1]), x: 2, y: 1)
  private let bar = bitmap(DecodedImage(width: 2, height: 1, channels: 1, pixels: [1, 1]))

  @Test func objectsGiveClassesAndPixels() throws {
    try write(file(object("defect_3", bar), object("defect_1", dot), object("defect_3", dot)))
    let annotation = annotation()
    #expect(annotation.present == [1, 3] && annotation.objectCount == 3 && annotation.findings == [])
    #expect(annotation.mask == mask("33.", "..3"))
    let earlier = source.annotation(of: "a.jpg", height: 2, width: 3, classes: .four)
    #expect(earlier.present == [0, 2] && earlier.mask == mask("22.", "..2"))
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let drawn = mask("00.", "..1")
    try write(
      SuperviselyAnnotation.json(
        height: 2, width: 3, objects: [("defect_1", mask("00.", "...")), ("defect_2", mask("...", "..1"))]))
    let read = source.annotation(of: "a.jpg", height: 2, width: 3, classes: .four)
    #expect(read.mask == drawn && read.present == [0, 1] && read.findings == [])
  }

  @Test func theShortNameIsTheSecondChoice() throws {
    try write(file(object("defect_2", dot)), "a.json")
    #expect(annotation().present == [2])
    try write(file(object("defect_1", dot)))
    #expect(annotation().present == [1])
    try folder.write("{".utf8, to: "a.jpg.json")
    let second = annotation()
    #expect(second.present == [2] && second.findings.map(\.problem) == [.replacedAnnotation])
  }

  @Test func malformedFilesAreListedAndCountAsWithoutDefects() throws {
    for (text, reason) in [
      ("{", "text ends"), ("[]", "no size"), (#"{"size": {"height": 2, "width": 3}}"#, "no list of objects"),
      (#"{"size": {"height": 2, "width": 3}, "objects": [{}]}"#, "no classTitle"),
    ] {
      try folder.write(text.utf8, to: "a.jpg.json")
      let annotation = annotation()
      #expect(annotation.present == [] && annotation.mask.isEmpty && annotation.findings.count == 1)
      #expect(
        annotation.findings[0].problem == .malformedAnnotation && annotation.findings[0].file == "a.jpg.json")
      #expect(annotation.findings[0].reason.contains(reason), "\(annotation.findings[0].reason)")
    }
  }

  @Test func aMissingFileIsListed() {
    #expect(annotation().findings == [.init(.missingAnnotation, "a.jpg", "there is no a.jpg.json")])
  }

  @Test func aBadMaskLeavesItsClass() throws {
    try write(
      file(
        object("defect_1", ["data": "####", "origin": [0, 0]]), object("defect_2", dot),
        ["classTitle": "defect_4", "geometryType": "polygon"]))
    let annotation = annotation()
    #expect(annotation.present == [1, 2, 4] && annotation.mask == mask("...", "..2"))
    #expect(annotation.findings.map(\.problem) == [.badMask, .badMask])
    #expect(annotation.findings[1].reason == "an object is \"polygon\", not a bitmap")
  }

  @Test func otherClassesAndOtherSizesAreListed() throws {
    try write(file(object("no_defect", dot), object("rust", dot)))
    #expect(annotation().findings.map(\.problem) == [.unknownClass, .unknownClass])
    try write(["size": ["height": 3, "width": 3], "objects": [object("defect_1", dot)]])
    #expect(annotation().present == [1])
    #expect(
      annotation().findings.map(\.reason) == ["it is of an image of 3 x 3, and this one has 2 x 3"])
  }

  @Test func annotationsWithoutAnImageAreFound() throws {
    for name in ["a.jpg.json", "b.json", "c.jpg.json", ".d.json", "notes.txt"] { try write(file(), name) }
    #expect(source.withoutImage(["a.jpg", "b.jpg"]) == ["c.jpg.json"])
  }

  @Test func noFolderIsRefused() {
    expectLabError(mentioning: "nowhere is no folder of annotations") {
      _ = try AnnotationSource(at: folder.url.appending(path: "nowhere"))
    }
  }
}

@Suite struct KaggleTableTests {
  private func source(_ text: String) throws -> (AnnotationSource, TemporaryFolder) {
    let folder = try TemporaryFolder()
    return (try AnnotationSource(at: folder.write(text.utf8, to: "train.csv")), folder)
  }

  @Test func bothFormsAreRead() throws {
    for text in [
      "ImageId,ClassId,EncodedPixels\na.jpg,1,1 2\na.jpg,3,5 1\nb.jpg,2,1 1\n",
      "ImageId_ClassId,EncodedPixels\na.jpg_1,1 2\na.jpg_2,\na.jpg_3,5 1\na.jpg_4,\nb.jpg_2,1 1\n",
    ] {
      let (source, folder) = try source(text)
      _ = folder
      let annotation = source.annotation(of: "a.jpg", height: 2, width: 3, classes: .four)
      #expect(annotation.present == [0, 2] && annotation.mask == mask("0.2", "0.."))
      #expect(source.annotation(of: "c.jpg", height: 2, width: 3, classes: .four).present == [])
      #expect(source.withoutImage(["a.jpg"]) == ["b.jpg"])
    }
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let drawn = mask("0.2", "0.1")
    let text = KaggleTable.text(
      of: [("a.jpg", drawn), ("b.jpg", RegionMask(height: 2, width: 3))], classes: .four)
    #expect(text == "ImageId,ClassId,EncodedPixels\na.jpg,1,1 2\na.jpg,2,6 1\na.jpg,3,5 1\n")
    let (source, folder) = try source(text)
    _ = folder
    #expect(source.annotation(of: "a.jpg", height: 2, width: 3, classes: .four).mask == drawn)
  }

  @Test func rowsThatCannotBeDrawnAreListed() throws {
    let (source, folder) = try source("ImageId,ClassId,EncodedPixels\na.jpg,1,1 2 99 1\na.jpg,9,1 1\n")
    _ = folder
    let annotation = source.annotation(of: "a.jpg", height: 2, width: 3, classes: .five)
    #expect(annotation.present == [1] && annotation.mask.isEmpty)
    #expect(annotation.findings.map(\.problem) == [.badMask, .unknownClass])
    #expect(annotation.findings[0].reason.contains("a.jpg, class 1: the run 99 1 leaves"))
  }

  @Test func otherTablesAreRefused() {
    expectLabError(mentioning: "EncodedPixels") { _ = try source("a,b\n1,2\n") }
    expectLabError(mentioning: "abc.jpg_1") { _ = try source("ImageId_ClassId,EncodedPixels\nabc.jpg,\n") }
  }
}

@Suite struct AnnotationReportTests {
  @Test func problemsAreCountedAndSaidInASentence() {
    var report = AnnotationReport()
    report.imageCount = 7
    report.findings = [
      .init(.badMask, "a.jpg.json", "the base64 text of a mask is damaged"),
      .init(.unreadableImage, "b.jpg", "is cut off"), .init(.badMask, "c.jpg.json", "again"),
    ]
    #expect(
      report.sentences == [
        "1 image cannot be read and is left out: b.jpg (is cut off)",
        "2 masks are left out, of which only the class counts: a.jpg.json "
          + "(the base64 text of a mask is damaged) and 1 more",
      ])
    #expect(report.json["problems"]?["bad_mask"] == 2 && report.json["problems"]?["missing_image"] == 0)
    #expect(report.json["findings"]?.array?.count == 3 && report.json["images"] == 7)
  }
}
