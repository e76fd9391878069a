import Images
import Testing

@Suite("Encoding")
struct EncodingTests {
  @Test(arguments: [1, 3, 4]) func pngComesBackExactly(channels: Int) throws {
    for (width, height) in [(1, 1), (13, 9), (300, 2)] {
      let image = gradient(width, height, channels)
      #expect(try DecodedImage(decoding: image.encodedPNG()) == image)
    }
  }

  @Test(arguments: [1, 3]) func jpegComesBackNearly(channels: Int) throws {
    var pixels: [UInt8] = []
    for y in 0..<48 {
      for x in 0..<64 { pixels += [UInt8](repeating: UInt8(40 + 2 * x + y), count: channels) }
    }
    let image = DecodedImage(width: 64, height: 48, channels: channels, pixels: pixels)
    let fine = image.encodedJPEG(quality: 95)
    let coarse = image.encodedJPEG(quality: 20)
    #expect(coarse.count < fine.count)
    #expect(try difference(DecodedImage(decoding: fine), image) <= 4)
    #expect(try difference(DecodedImage(decoding: coarse), image) <= 20)
  }
}
