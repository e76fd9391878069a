import DataUtils
import Plotting
import Testing
import Utils

@testable import Defects

@Suite struct AugmentationSheetTests {
  private let samples = images(
    [mask("11..", "....", "...."), mask("....", "....", "....")], classes: .five)

  @Test func eachSampleHasARowOfItsOriginalAndItsVersions() throws {
    let steps = try AugmentationRegistry.steel.steps(
      [("defect_blackout", ["min_pixels": 1, "probability": 1]), ("horizontal_flip", 1), ("rotation", 0)],
      classes: .five)
    let sheet = try AugmentationSheet.figure(
      of: samples, [0, 1], versions: 2, steps: steps, seed: 1, title: "steel")
    #expect(sheet.columns == 3 && sheet.images.count == 6)
    #expect(
      sheet.images.map { $0?.caption.first } == [
        "original: defect_1", "no_defect", "no_defect", "original: no_defect", "no_defect", "no_defect",
      ])
    #expect(sheet.subtitle == "defect_blackout, horizontal_flip, rotation")
    let painted = try #require(sheet.images[1])
    #expect(painted.pixels[2].red == 0 && painted.pixels[3].red == 0 && painted.pixels[0].red > 0.1)
  }

  @Test func anOutlineGoesRoundTheDefectAndLeavesItVisible() throws {
    var picture = OutlinedImage(try samples.sample(0), size: ImageSize([3, 3, 4])!)
    let plain = picture.pixels
    picture.outline(samples.mask(0)!)
    let coloured = picture.pixels.indices.filter { picture.pixels[$0] != plain[$0] }
    #expect(coloured == [2, 4, 5, 6])
  }

  @Test func largeImagesBecomeMeans() {
    let (height, width) = (4, 2 * OutlinedImage.widest)
    let numbers = (0..<height * width).map { Float($0 % 2) }
    let picture = OutlinedImage(numbers, size: ImageSize([1, height, width])!)
    #expect(picture.height == 2 && picture.width == OutlinedImage.widest)
    #expect(picture.pixels.allSatisfy { $0 == .gray(0.5) })
  }

  @Test func aThinScratchIsStillOutlined() {
    let (height, width) = (9, 3 * OutlinedImage.widest)
    var map = [UInt8](repeating: 0, count: height * width)
    for column in 30..<60 { map[4 * width + column] = 3 }
    var picture = OutlinedImage(
      [Float](repeating: 0, count: map.count), size: ImageSize([1, height, width])!)
    picture.outline(RegionMask(map: map, height: height, width: width))
    #expect(picture.pixels.count { $0 != .gray(0) } == 2 * 12 + 2)
  }
}
