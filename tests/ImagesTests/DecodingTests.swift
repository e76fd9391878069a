import Foundation
import Images
import Testing
import Utils

/// What is decoded equals what Pillow decodes.
@Suite("Decoding")
struct DecodingTests {
  @Test(arguments: [
    "grey.png", "bits.png", "two-bits.png", "rgb.png", "interlaced.png", "animated.png", "palette.png",
    "rgba.png", "grey-alpha.png", "mask.png", "grey-transparent.png",
  ])
  func png(name: String) throws {
    let expected = try Fixture.expected(name)
    for form in [DecodedImage.Form.grey, .rgb, .asStored] {
      let image = try DecodedImage(decoding: Fixture.bytes(name), as: form)
      #expect(try image == Fixture.picture(expected[form.rawValue]), "\(form)")
    }
  }

  @Test(arguments: ["grey.jpg", "rgb.jpg", "rgb-444.jpg", "progressive.jpg"])
  func jpeg(name: String) throws {
    let expected = try Fixture.expected(name)
    for form in [DecodedImage.Form.grey, .rgb, .asStored] {
      let image = try DecodedImage(decoding: Fixture.bytes(name), as: form)
      #expect(difference(image, try Fixture.picture(expected[form.rawValue])) <= 2, "\(form)")
    }
  }

  @Test func header() throws {
    let png = try ImageHeader(of: Fixture.bytes("rgba.png"), file: "a")
    #expect(png.format == .png && png.width == 13 && png.height == 9)
    let jpeg = try ImageHeader(of: Fixture.bytes("progressive.jpg"), file: "a")
    #expect(jpeg.format == .jpeg && jpeg.width == 13 && jpeg.height == 9)
  }

  @Test func filesOnDisk() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "picture-\(UUID().uuidString).png")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(gradient(7, 5).encodedPNG()).write(to: url)
    #expect(try DecodedImage(contentsOf: url) == gradient(7, 5))
    let missing = url.deletingLastPathComponent().appending(path: "none.png")
    let error = #expect(throws: LabError.self) { _ = try DecodedImage(contentsOf: missing) }
    #expect(error?.cause.contains("none.png does not exist") == true)
  }

  /// Many threads at once decode the same as one.
  @Test func threadsDoNotDisturbEachOther() async throws {
    let files = try ["rgb.jpg", "progressive.jpg", "interlaced.png", "palette.png"].map(Fixture.bytes)
    let alone = try files.map { try DecodedImage(decoding: $0) }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<200 {
        group.addTask { try DecodedImage(decoding: files[number % 4]) == alone[number % 4] }
      }
      for try await isEqual in group { #expect(isEqual) }
    }
  }
}
