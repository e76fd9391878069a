import Foundation
import FoundationXML
import Testing
import Utils

@testable import Plotting

@Suite struct FigureTests {
  @Test(arguments: (Samples.ordinary + Samples.ugly).map(\.name))
  func drawsPNGAndSVG(name: String) throws {
    let figure = try #require((Samples.ordinary + Samples.ugly).first { $0.name == name }).figure
    try withFolder { folder in
      let files = try figure.write(to: folder.appendingPathComponent("new"), named: "figure")
      #expect(files.map(\.lastPathComponent) == ["figure.png", "figure.svg"])
      let picture = try #require(pixels(of: files[0]))
      #expect(picture.width == Int((figure.size.width * 150).rounded()))
      #expect(picture.colors.count > 2, "the picture is blank")
      let document = try SVGReader(files[1])
      #expect(document.ids.count == Set(document.ids).count)
      #expect(document.references.isSubset(of: document.ids))
      #expect(document.title == Canvas.printable(figure.title))
    }
  }

  @Test(arguments: (Samples.ordinary + Samples.ugly).map(\.name))
  func textsNeitherOverlapNorLeaveTheSheet(name: String) throws {
    let figure = try #require((Samples.ordinary + Samples.ugly).first { $0.name == name }).figure
    let texts = try Rendering.png(of: figure).texts
    let sheet = Rect(0, 0, figure.size.width * 72, figure.size.height * 72)
    #expect(!texts.isEmpty)
    for (index, text) in texts.enumerated() {
      let box = text.box
      #expect(
        box.x >= 0 && box.y >= 0 && box.right <= sheet.right && box.bottom <= sheet.bottom,
        "\(text) leaves the sheet")
      // Boxes reach from ascent to descent; letters leave more than half a point of that empty.
      for other in texts[(index + 1)...] where box.inset(by: 0.5).overlaps(other.box.inset(by: 0.5)) {
        Issue.record("\(text) overlaps \(other)")
      }
    }
  }

  @Test func svgSaysItsTexts() throws {
    let text = String(decoding: try SVGDocument(of: Samples.lines).bytes, as: UTF8.self)
    for label in ["accuracy by epoch", "epoch", "accuracy", "train", "validation", "expected", "0.9"] {
      #expect(text.contains(label))
    }
  }

  @Test(arguments: Samples.ordinary.map(\.name))
  func sameFigureSameBytes(name: String) throws {
    let figure = try #require(Samples.ordinary.first { $0.name == name }).figure
    #expect(try Rendering.png(of: figure).bytes == Rendering.png(of: figure).bytes)
    #expect(try SVGDocument(of: figure).bytes == SVGDocument(of: figure).bytes)
  }

  @Test func bothFilesHaveOneLayout() throws {
    for (name, figure) in Samples.ordinary {
      let (png, svg) = (try Rendering.png(of: figure).texts, try Rendering.svg(of: figure).texts)
      #expect(png.map(\.text) == svg.map(\.text), "\(name)")
      for (a, b) in zip(png, svg) { #expect(abs(a.box.x - b.box.x) < 0.5 && abs(a.box.y - b.box.y) < 0.5) }
    }
  }

  @Test func aFileWhereTheFolderShouldBeIsNamed() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("taken")
      try Data("x".utf8).write(to: file)
      let error = #expect(throws: LabError.self) { try Samples.lines.write(to: file, named: "loss") }
      #expect(error?.kind == .plotting)
      #expect(error?.cause.contains("taken/loss.png cannot be written") == true)
      #expect(error?.remedy.contains("--output-dir") == true)
    }
  }

  @Test func aFailedWriteLeavesTheOldFileAndNoOther() throws {
    try withFolder { folder in
      // A folder cannot be replaced by a file: the rename fails after the temporary sibling was written.
      let taken = folder.appendingPathComponent("loss.png/inner")
      try FileManager.default.createDirectory(at: taken, withIntermediateDirectories: true)
      #expect(throws: LabError.self) { try Samples.lines.write(to: folder, named: "loss") }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["loss.png"])
      #expect(FileManager.default.fileExists(atPath: taken.path))
    }
  }
}

/// An SVG as its reader sees it; throws if it is not well-formed.
final class SVGReader: NSObject, XMLParserDelegate {
  private(set) var ids: [String] = []
  private(set) var references: Set<String> = []
  private(set) var title = ""
  private(set) var frames = 0
  private var isInTitle = false

  init(_ url: URL) throws {
    super.init()
    let parser = XMLParser(data: try Data(contentsOf: url))
    parser.delegate = self
    guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    isInTitle = name == "title"
    if attributes["class"] == "frame" { frames += 1 }
    if let id = attributes["id"] { ids.append(id) }
    if let reference = attributes["xlink:href"] ?? attributes["href"], reference.hasPrefix("#") {
      references.insert(String(reference.dropFirst()))
    }
    for value in attributes.values {
      if let start = value.range(of: "url(#"),
        let end = value.range(of: ")", range: start.upperBound..<value.endIndex)
      {
        references.insert(String(value[start.upperBound..<end.lowerBound]))
      }
    }
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) { if isInTitle { title += text } }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?)
  {
    isInTitle = false
  }
}
