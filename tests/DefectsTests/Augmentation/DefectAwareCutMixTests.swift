import DataUtils
import Testing
import Utils

@testable import Defects

@Suite struct DefectAwareCutMixTests {
  private let images = Self.pair()

  private static func pair() -> Dataset {
    DefectsTests.images(
      [
        mask("1.........", "1.........", "..........", "..........", ".........."),
        mask(".........3", ".........3", "..........", "..........", ".........."),
      ], classes: .five)
  }

  private let always = DefectAwareCutMix(classes: .five, probability: 1)

  @Test func rectanglesTouchNoDefectOfEitherImage() throws {
    var pasted = 0
    for seed in 0..<300 {
      let (pixels, content) = try changed(images, 0, by: always, seed: UInt64(seed))
      let places = pixels.indices.filter { pixels[$0] == 0.4 }
      if places.isEmpty {
        #expect(content.targets == [0, 1, 0, 0, 0])
        continue
      }
      pasted += 1
      let (rows, columns) = (Set(places.map { $0 / 10 }), Set(places.map { $0 % 10 }))
      #expect(places.count == rows.count * columns.count)
      #expect(rows.count == columns.count / 2 || columns.count == 1 || rows.count == 1)
      #expect((1...2).contains(rows.count) && (1...4).contains(columns.count))
      #expect(rows.min()! > 1 || (!columns.contains(0) && !columns.contains(9)))
      #expect(content.targets == [0, 1, 0, 1, 0])
      #expect(content.mask == images.mask(0))
    }
    // One of two draws takes the image itself as its partner.
    #expect((100...200).contains(pasted))
  }

  @Test func noDefectYieldsToADefect() throws {
    let pair = DefectsTests.images(
      [mask("......", "......"), mask("2.....", "......")], classes: .five)
    let seen = try Set((0..<60).map { try changed(pair, 0, by: always, seed: UInt64($0)).content.targets })
    #expect(seen == [[1, 0, 0, 0, 0], [0, 0, 1, 0, 0]])
    let visible = DefectAwareCutMix(classes: .five, probability: 1, unitesTargets: false)
    for seed in 0..<60 {
      #expect(try changed(pair, 0, by: visible, seed: UInt64(seed)).content.targets == [1, 0, 0, 0, 0])
    }
  }

  @Test func whereNoPlaceIsLeftNothingHappens() throws {
    let full = DefectsTests.images([mask("1111", "1111"), mask("....", "....")], classes: .four)
    for seed in 0..<40 {
      let (pixels, content) = try changed(full, 0, by: always, seed: UInt64(seed))
      #expect(pixels.allSatisfy { $0 == 0.2 } && content.targets == full.targets(0))
    }
  }

  @Test func probabilityZeroAndASingleImageChangeNothing() throws {
    let never = DefectAwareCutMix(classes: .five, probability: 0)
    #expect(try changed(images, 0, by: never).pixels.allSatisfy { $0 == 0.2 })
    #expect(try changed(images.subset([0]), 0, by: always).pixels.allSatisfy { $0 == 0.2 })
  }
}
