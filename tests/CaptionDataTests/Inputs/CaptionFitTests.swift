import Images
import TestSupport
import Testing
import Utils

@testable import CaptionData

@Suite struct CaptionFitTests {
  /// SHA-256, its first digits, of what Pillow 13.0.0 makes with `resize(..., LANCZOS)`, `crop`, `transpose` and `paste`.
  @Test(arguments: [
    (FitStrategy.mirrorTile, 700, 50, CaptionAnchor.left, "9842eebb9a223876"),
    (.mirrorTile, 700, 50, .center, "29344a7e86111a4c"), (.mirrorTile, 700, 50, .right, "4a4e8bc1b9997f8a"),
    (.mirrorTile, 520, 50, .left, "60e1db49369bbd40"), (.mirrorTile, 520, 50, .center, "cfd888cea91269e9"),
    (.mirrorTile, 520, 50, .right, "569da4f0db62fb89"), (.mirrorTile, 300, 40, .left, "a16a0b199406ba7f"),
    (.mirrorTile, 300, 40, .center, "a87406a1da48cb63"), (.mirrorTile, 300, 40, .right, "e8154f322c50184a"),
    (.mirrorTile, 96, 12, .left, "11c9312a6bd31996"), (.mirrorTile, 96, 12, .center, "e7470d5f68143b77"),
    (.mirrorTile, 96, 12, .right, "da77e586c8f21ec9"), (.crop, 96, 12, .right, "da77e586c8f21ec9"),
    (.crop, 520, 50, .left, "60e1db49369bbd40"), (.adaptive, 700, 50, .left, "9842eebb9a223876"),
    (.adaptive, 520, 50, .left, "f7875794f3d04a3d"), (.adaptive, 300, 40, .center, "a87406a1da48cb63"),
  ])
  func equalsPillow(
    strategy: FitStrategy, width: Int, height: Int, anchor: CaptionAnchor, digits: String
  ) {
    let fitted = CaptionFit(strategy)(picture(width, height), anchor: anchor)
    #expect(fitted.width == 480 && fitted.height == 48)
    #expect(SHA256.hex(of: fitted.pixels).hasPrefix(digits))
  }

  /// Tiles of 24 columns: there and back again, so that neighbours across every seam are equal.
  @Test(arguments: CaptionAnchor.allCases) func seamsAreContinuous(anchor: CaptionAnchor) {
    let small = DecodedImage(
      width: 24, height: 48, channels: 1, pixels: (0..<24 * 48).map { UInt8($0 % 24 * 10) })
    let fitted = CaptionFit()(small, anchor: anchor)
    let row = Array(fitted.pixels[0..<480])
    for (one, next) in zip(row, row.dropFirst()) { #expect(abs(Int(one) - Int(next)) <= 10) }
    let start = [CaptionAnchor.left: 0, .center: 228, .right: 456][anchor] ?? 0
    #expect(Array(row[start..<start + 24]) == (0..<24).map { UInt8($0 * 10) })
  }

  @Test func smallAndExactPictures() {
    let exact = picture(480, 48)
    #expect(CaptionFit()(exact, anchor: .center) == exact)
    let tall = CaptionFit()(picture(1, 100), anchor: .left)
    #expect(tall.width == 480 && tall.height == 48)
  }

  @Test func whatIsNoCaptionIsRefused() {
    expectLabError(mentioning: "x.png", "900 x 2", "no caption") {
      try CaptionFit.decoded(picture(900, 2).encodedPNG(), file: "x.png")
    }
    expectLabError(mentioning: "x.png") { try CaptionFit.decoded([1, 2, 3], file: "x.png") }
    #expect(throws: Never.self) { try CaptionFit.decoded(picture(800, 2).encodedPNG(), file: "x.png") }
  }

  @Test func spatialFeaturesAreThoseOfUse() throws {
    #expect(SpatialFeatures.values(nil) == [0, 1, 0, 0.5, 0.9, 0.5])
    let layout = try #require(
      VideoLayout(
        frameWidth: 200, frameHeight: 100, crop: CropBounds(left: 100, top: 80, right: 180, bottom: 100),
        anchor: .right, cropBoundsVersion: 1))
    #expect(SpatialFeatures.values(layout) == [0, 0, 1, 0.7, 0.9, 0.4])
  }
}
