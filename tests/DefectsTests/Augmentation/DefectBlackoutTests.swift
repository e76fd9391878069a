import DataUtils
import Testing
import Utils

@testable import Defects

/// The mask drawn by rows of text: `.` for no class, a digit for a class.
func mask(_ rows: String...) -> RegionMask {
  let map = rows.joined().map { $0 == "." ? 0 : UInt8($0.wholeNumberValue ?? 0) + 1 }
  return RegionMask(map: map, height: rows.count, width: rows[0].count)
}

/// Grey images of one brightness each, [3, H, W], with their masks and targets.
func images(_ masks: [RegionMask], classes: DefectClasses) -> Dataset {
  let (height, width) = (masks[0].height, masks[0].width)
  let pixels = masks.indices.flatMap {
    [UInt8](repeating: UInt8(51 * ($0 % 4 + 1)), count: 3 * height * width)
  }
  return Dataset(
    name: "images", sampleShape: [3, height, width], features: .bytes(pixels, maximum: 255),
    targets: masks.flatMap { classes.targets(showing: $0.pixelCounts.keys) }, classNames: classes.names
  ).withMasks(masks)
}

/// What `augmentation` makes of image `index`: its first channel, and what it shows.
func changed(
  _ images: Dataset, _ index: Int, by augmentation: some TargetAugmentation, seed: UInt64 = 1
) throws -> (pixels: [Float], content: ImageContent) {
  var pixels = try images.sample(index)
  var content = ImageContent(targets: images.targets(index)!, mask: images.mask(index)!)
  var random = RandomStream(seed: seed)
  let size = try #require(ImageSize(images.sampleShape))
  var span = pixels.mutableSpan
  try augmentation.apply(to: &span, showing: &content, size: size, from: images, using: &random)
  #expect(pixels[..<size.area] == pixels[size.area..<2 * size.area])
  return (Array(pixels[..<size.area]), content)
}

@Suite struct DefectBlackoutTests {
  private let drawn = mask("11....3", "11.1..3", ".......")

  @Test func paintedRegionsLeaveTheMaskAndTheirClassTheTargets() throws {
    let images = images([drawn], classes: .five)
    let blackout = DefectBlackout(classes: .five, chosen: [1], minPixels: 1, fillValue: 102, probability: 1)
    let (pixels, content) = try changed(images, 0, by: blackout)
    for (place, value) in drawn.map.enumerated() { #expect(pixels[place] == (value == 2 ? 0.4 : 0.2)) }
    #expect(content.targets == [0, 0, 0, 1, 0])
    #expect(content.mask == mask("......3", "......3", "......."))
  }

  @Test func smallRegionsStayAndWithThemTheClass() throws {
    let blackout = DefectBlackout(classes: .five, chosen: [1, 3], minPixels: 2, probability: 1)
    let (pixels, content) = try changed(images([drawn], classes: .five), 0, by: blackout)
    #expect(content.mask == mask(".......", "...1...", "......."))
    #expect(content.targets == [0, 1, 0, 0, 0])
    #expect(pixels.count { $0 == 0 } == 6)
  }

  @Test func withoutAnyDefectLeftThereIsNoDefect() throws {
    for (classes, targets) in [(DefectClasses.five, [1, 0, 0, 0, 0]), (.four, [0, 0, 0, 0])]
      as [(DefectClasses, [UInt8])]
    {
      let shift = classes.defects[0]
      let drawn = RegionMask(map: [0, UInt8(shift + 1), UInt8(shift + 3)], height: 1, width: 3)
      let blackout = DefectBlackout(
        classes: classes, minPixels: 100, probability: 0, completeProbability: 1)
      let (pixels, content) = try changed(images([drawn], classes: classes), 0, by: blackout)
      #expect(pixels[1...] == [0, 0] && content.targets == targets && content.mask.isEmpty)
    }
  }

  @Test func aClassWithoutPixelsStays() throws {
    let base = images([drawn], classes: .five)
    var content = ImageContent(targets: [0, 1, 1, 1, 0], mask: drawn)
    var (pixels, random) = (try base.sample(0), RandomStream(seed: 1))
    var span = pixels.mutableSpan
    DefectBlackout(classes: .five, minPixels: 1, probability: 1).apply(
      to: &span, showing: &content, size: try #require(ImageSize(base.sampleShape)), from: base,
      using: &random)
    #expect(content.targets == [0, 0, 1, 0, 0])
  }

  @Test func halfOfTheRegionsArePaintedByDefault() throws {
    let images = images([mask("1.1.1.1.1.1.1.1.")], classes: .five)
    var painted = 0
    for seed in 0..<200 {
      let blackout = DefectBlackout(classes: .five, minPixels: 1)
      painted += try changed(images, 0, by: blackout, seed: UInt64(seed)).pixels.count { $0 == 0 }
    }
    #expect(abs(painted - 800) < 80)
  }
}
