import Images
import Testing
import Utils

@testable import CaptionData

@Suite struct OCRVisualizationTests {
  private let layout: VideoLayout

  init() throws {
    layout = try #require(
      VideoLayout(
        frameWidth: 100, frameHeight: 100, crop: CropBounds(left: 10, top: 80, right: 40, bottom: 92),
        anchor: .left, cropBoundsVersion: 1))
  }

  /// A box whose left upper corner is (x, y) of the crop.
  private func box(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ confidence: Double) -> OCRBox {
    OCRBox(
      frameIndex: 0, confidence: confidence, x: (Double(10 + x) + 0.01) / 100,
      y: 1 - (Double(80 + y + height) + 0.01) / 100, width: (Double(width) + 0.01) / 100,
      height: (Double(height) + 0.01) / 100)
  }

  private func lit(_ picture: DecodedImage, channel: Int = 0) -> [Int: UInt8] {
    Dictionary(
      uniqueKeysWithValues: (0..<picture.width * picture.height).compactMap { place in
        let value = picture.pixels[place * picture.channels + channel]
        return value > 0 ? (place, value) : nil
      })
  }

  @Test func boundariesAreFramesOfOnePixel() {
    let picture = OCRVisualization(
      [box(2, 3, 4, 5, 0.5), box(20, 1, 3, 3, 1)], layout: layout, scalesConfidence: false
    )
    .picture(.boundaries)
    #expect(picture.width == 30 && picture.height == 12 && picture.channels == 1)
    let lit = lit(picture)
    // From (2, 3) to (6, 8), both included, and from (20, 1) to (23, 4).
    #expect(lit.count == 2 * 5 + 2 * 4 + 4 * 4 - 4)
    #expect(lit[3 * 30 + 2] == 127 && lit[8 * 30 + 6] == 127 && lit[4 * 30 + 3] == nil)
    #expect(lit[1 * 30 + 20] == 255 && lit[4 * 30 + 23] == 255)
  }

  @Test func confidenceIsScaledToAllOfTheRange() {
    let boxes = [box(2, 3, 4, 5, 0.5), box(10, 3, 4, 5, 0.6), box(20, 1, 3, 3, 0.7)]
    let lit = lit(OCRVisualization(boxes, layout: layout).picture(.boundaries))
    #expect(Set(lit.values).isSubset(of: [127, 126, 255]) && lit[3 * 30 + 2] == nil)
    // Equally sure boxes are not hidden.
    let equal = self.lit(OCRVisualization([box(2, 3, 4, 5, 1)], layout: layout).picture(.boundaries))
    #expect(Set(equal.values) == [255])
  }

  @Test func centersAreDiscsAndBothIsTheBrighter() {
    let drawing = OCRVisualization([box(4, 2, 4, 6, 1)], layout: layout)
    let centers = lit(drawing.picture(.centers))
    // Radius 2 around (6, 5): 13 pixels.
    #expect(centers.count == 13 && centers[5 * 30 + 6] == 255 && centers[3 * 30 + 6] == 255)
    #expect(centers[4 * 30 + 5] == 255 && centers[3 * 30 + 5] == nil)
    let (one, two) = (drawing.picture(.boundaries).pixels, drawing.picture(.centers).pixels)
    #expect(drawing.picture(.both).pixels == zip(one, two).map { max($0, $1) })
  }

  @Test func threeChannelsHaveNearnessInBlue() {
    let drawing = OCRVisualization([box(4, 2, 4, 6, 1), box(20, 0, 2, 4, 1)], layout: layout)
    let picture = drawing.picture(.threeChannels)
    #expect(picture.channels == 3)
    let planes = picture.planes
    #expect(Array(planes[0..<360]) == drawing.picture(.boundaries).pixels)
    #expect(Array(planes[360..<720]) == drawing.picture(.centers).pixels)
    // By trying every pair of pixels; the middles are (6, 5) and (21, 2).
    let distances = (0..<360).map { place in
      [(6, 5), (21, 2)].map { x, y in
        let (dx, dy) = (Float(place % 30 - x), Float(place / 30 - y))
        return (dx * dx + dy * dy).squareRoot()
      }.min()!
    }
    let largest = distances.max()!
    #expect(Array(planes[720...]) == distances.map { UInt8(255 * (1 - $0 / largest)) })
  }

  @Test func boxesOutsideTheCropAreLeftOutAndOthersCut() {
    let outside = [box(-20, 0, 4, 4, 1), box(40, 0, 4, 4, 1), box(0, 30, 4, 4, 1), box(0, -30, 4, 4, 1)]
    #expect(OCRVisualization(outside, layout: layout).isEmpty)
    for variant in OCRVariant.allCases {
      #expect(OCRVisualization([], layout: layout).picture(variant).pixels.allSatisfy { $0 == 0 })
      let cut = OCRVisualization([box(-3, -3, 60, 60, 1)], layout: layout)
      #expect(cut.picture(variant).width == 30 && !cut.isEmpty)
    }
  }

  @Test func distancesEqualThoseOfEveryPair() {
    var random = RandomStream(seed: 5)
    for (width, height) in [(1, 1), (7, 5), (16, 3), (1, 9)] {
      let pixels = Set((0..<3).map { _ in random.index(below: width * height) })
      let expected = (0..<width * height).map { place in
        pixels.map { pixel in
          let (dx, dy) = (place % width - pixel % width, place / width - pixel / width)
          return Float(dx * dx + dy * dy)
        }.min()!
      }
      #expect(DistanceTransform.squared(to: pixels, width: width, height: height) == expected)
    }
  }
}
