import Images
import Testing
import Utils

/// What is no picture that we read gets a sentence, before memory is asked for.
@Suite("Bad pictures")
struct BadImageTests {
  @Test func neitherFormat() {
    expectRefusal([], mentioning: "is empty")
    expectRefusal(Array("GIF89a".utf8), mentioning: "neither PNG nor JPEG")
  }

  /// Cut anywhere, even before the last two bytes; only the checksum of PNG's empty last chunk may be missing.
  @Test(arguments: ["rgb.jpg", "progressive.jpg", "rgb.png", "interlaced.png"])
  func cutOff(name: String) throws {
    let bytes = try Fixture.bytes(name)
    let end = bytes.count - (name.hasSuffix("png") ? 4 : 0)
    for length in 0..<end { expectRefusal(Array(bytes[..<length])) }
    let large = name.hasSuffix("jpg") ? gradient(400, 300).encodedJPEG() : gradient(400, 300).encodedPNG()
    expectRefusal(Array(large.prefix(large.count / 2)), mentioning: "strip.jpg is a damaged")
  }

  @Test func cutOffSaysSo() throws {
    let bytes = gradient(400, 300).encodedJPEG()
    expectRefusal(Array(bytes.dropLast(2)), mentioning: "Premature end of JPEG file")
  }

  @Test func whatADeviceUsesAndWeDoNot() throws {
    expectRefusal(try Fixture.bytes("refused-cmyk.jpg"), mentioning: "CMYK", "as RGB")
    expectRefusal(try Fixture.bytes("refused-16-bit.png"), mentioning: "16 bits a channel")
    var twelve = try Fixture.bytes("rgb.jpg")
    twelve[frame(twelve) + 4] = 12
    expectRefusal(twelve, mentioning: "12 bits a channel")
    var two = try Fixture.bytes("rgb.jpg")
    two[frame(two) + 9] = 2
    expectRefusal(two, mentioning: "2 colour channels")
  }

  @Test(arguments: [(0, 9), (13, 0)]) func noPixels(width: Int, height: Int) throws {
    expectRefusal(try png(width, height), mentioning: "has \(height) x \(width) pixels")
    expectRefusal(try jpeg(width, height), mentioning: "has \(height) x \(width) pixels")
  }

  @Test func moreThanIsRead() throws {
    expectRefusal(try png(20_000, 20_000), mentioning: "20000 x 20000", "100 million")
    expectRefusal(try png(4_294_967_295, 4_294_967_295), mentioning: "100 million")
    expectRefusal(try jpeg(65_535, 65_535), mentioning: "100 million")
    expectRefusal(try png(9_000, 9_000), mentioning: "too short for the 9000 x 9000 pixels")
    expectRefusal(try jpeg(9_000, 9_000), mentioning: "too short for the 9000 x 9000 pixels")
    let padding = [UInt8](repeating: 0, count: 20_000)
    expectRefusal(try jpeg(3_000, 3_000, "progressive.jpg") + padding, mentioning: "progressive", "8 million")
  }

  @Test func headersThatAreNone() throws {
    var png = try Fixture.bytes("rgb.png")
    png[25] = 7
    expectRefusal(png, mentioning: "no colour type 7")
    png[25] = 2
    png[24] = 3
    expectRefusal(png, mentioning: "3 bits")
    png[12] = 0
    expectRefusal(png, mentioning: "does not begin with a header")
    expectRefusal([0xFF, 0xD8, 0xFF, 0xDA, 0, 3, 1], mentioning: "pixels come before their sizes")
    expectRefusal([0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 1], mentioning: "no row of segments")
  }

  /// A changed byte is seen by the checksum of its chunk.
  @Test func checksums() throws {
    var bytes = gradient(40, 30).encodedPNG()
    bytes[bytes.count / 2] ^= 1
    expectRefusal(bytes, mentioning: "damaged PNG file")
  }

  /// Where the frame header of a baseline or progressive file begins.
  private func frame(_ bytes: [UInt8]) -> Int {
    bytes.indices.first { bytes[$0] == 0xFF && [0xC0, 0xC2].contains(bytes[$0 + 1]) } ?? 0
  }

  private func jpeg(_ width: Int, _ height: Int, _ name: String = "rgb.jpg") throws -> [UInt8] {
    var bytes = try Fixture.bytes(name)
    let place = frame(bytes) + 5
    for (offset, number) in [height >> 8, height & 255, width >> 8, width & 255].enumerated() {
      bytes[place + offset] = UInt8(number)
    }
    return bytes
  }

  private func png(_ width: Int, _ height: Int) throws -> [UInt8] {
    var bytes = try Fixture.bytes("rgb.png")
    for (start, number) in [(16, width), (20, height)] {
      for i in 0..<4 { bytes[start + i] = UInt8(number >> (24 - 8 * i) & 255) }
    }
    return bytes
  }
}
