import Images
import Testing

@Suite("Resizing")
struct ResizingTests {
  @Test func equalsPillow() throws {
    let image = try DecodedImage(decoding: Fixture.bytes("rgb.png"))
    for (name, filter) in [
      ("resized", DecodedImage.Filter.bilinear), ("lanczos", .lanczos), ("bicubic", .bicubic),
    ] {
      let pictures = try #require(try Fixture.expected(name).array)
      #expect(pictures.count == 5)
      for json in pictures {
        let expected = try Fixture.picture(json)
        #expect(image.resized(width: expected.width, height: expected.height, filter: filter) == expected)
      }
    }
  }

  @Test func theSameSizeIsTheSamePicture() {
    #expect(gradient(9, 4).resized(width: 9, height: 4) == gradient(9, 4))
  }

  /// A mean is kept: a checkerboard shrinks to grey, not to black or white.
  @Test func nothingFlickers() {
    let board = DecodedImage(
      width: 64, height: 64, channels: 1,
      pixels: (0..<4096).map { ($0 / 64 + $0) % 2 == 0 ? 0 : 255 })
    for pixel in board.resized(width: 16, height: 16).pixels { #expect(126...129 ~= pixel) }
  }

  @Test func croppedAndPlanes() {
    let image = gradient(5, 4)
    let part = image.cropped(x: 1, y: 2, width: 3, height: 2)
    #expect(part.pixels[0..<3] == image.pixels[(2 * 5 + 1) * 3..<(2 * 5 + 1) * 3 + 3])
    #expect(part.pixels.suffix(3) == image.pixels[(3 * 5 + 3) * 3..<(3 * 5 + 3) * 3 + 3])
    let planes = image.planes
    #expect(planes[0..<20] == ArraySlice(stride(from: 0, to: 60, by: 3).map { image.pixels[$0] })[...])
    #expect(planes[59] == image.pixels[59])
  }
}
