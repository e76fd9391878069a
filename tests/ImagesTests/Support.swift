import Foundation
import Images
import Testing
import Utils

/// Small PNG and JPEG files and what Pillow decodes from them; made by make.py beside them.
enum Fixture {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/images")

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }

  /// What is expected of the file `name`, or of the pictures of other sizes, `resized`.
  static func expected(_ name: String) throws -> JSONValue {
    try #require(try JSONValue(parsing: bytes("expected.json"))[name])
  }

  /// The picture that `json` describes: {"shape": [H, W, C], "hex": "00ff"}.
  static func picture(_ json: JSONValue?) throws -> DecodedImage {
    let shape = try #require(json?["shape"]?.array).compactMap(\.int)
    let digits = Array(try #require(json?["hex"]?.string).utf8)
    let pixels = stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
    return DecodedImage(width: shape[1], height: shape[0], channels: shape[2], pixels: pixels)
  }
}

/// A picture of soft colours, the same for the same sizes.
func gradient(_ width: Int, _ height: Int, _ channels: Int = 3) -> DecodedImage {
  var pixels: [UInt8] = []
  for y in 0..<height {
    for x in 0..<width {
      for channel in 0..<channels { pixels.append(UInt8((x * 3 + y * 5 + channel * 40) % 256)) }
    }
  }
  return DecodedImage(width: width, height: height, channels: channels, pixels: pixels)
}

/// The largest difference of two pictures of one size.
func difference(_ a: DecodedImage, _ b: DecodedImage) -> Int {
  guard (a.width, a.height, a.channels) == (b.width, b.height, b.channels) else { return 256 }
  return zip(a.pixels, b.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
}

/// Expects that decoding `bytes` throws a sentence which mentions `words`.
func expectRefusal(
  _ bytes: [UInt8], mentioning words: String..., sourceLocation: SourceLocation = #_sourceLocation
) {
  do {
    _ = try DecodedImage(decoding: bytes, file: "strip.jpg")
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
  } catch let error as LabError {
    for word in words + ["strip.jpg"] {
      #expect(error.description.contains(word), "\(word) in: \(error)", sourceLocation: sourceLocation)
    }
    #expect(error.kind == .data && !error.remedy.isEmpty, sourceLocation: sourceLocation)
  } catch {
    Issue.record("not a LabError: \(error)", sourceLocation: sourceLocation)
  }
}
