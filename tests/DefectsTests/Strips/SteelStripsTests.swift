import TestSupport
import Testing
import Utils

@testable import Defects

@Suite struct SteelStripsTests {
  @Test func anImageDependsOnSeedSizeAndNumberAlone() throws {
    let strips = try SteelStrips(height: 32, width: 200, seed: 7)
    let (pixels, objects) = strips.strip(4)
    #expect(pixels == strips.strip(4).pixels && objects == strips.objects(4))
    #expect(pixels.count == 32 * 200)
    #expect(pixels != strips.strip(5).pixels)
    #expect(try pixels != SteelStrips(height: 32, width: 200, seed: 8).strip(4).pixels)
  }

  @Test func theSharesAreThePublishedOnes() throws {
    let strips = try SteelStrips()
    var counts = [0, 0, 0, 0]
    var (clean, mixed) = (0, 0)
    for index in 0..<20_000 {
      let kinds = strips.kinds(index)
      if kinds.isEmpty { clean += 1 }
      if Set(kinds).count > 1 { mixed += 1 }
      for kind in kinds { counts[kind] += 1 }
    }
    let total = Double(counts.reduce(0, +))
    for (count, share) in zip(counts, SteelStrips.objectShares) {
      #expect(abs(Double(count) / total - share) < 0.01, "\(counts)")
    }
    #expect(abs(Double(clean) / 20_000 - 0.47) < 0.001)
    #expect(mixed > 200 && mixed < 2000)
  }

  @Test func masksAreExactlyWhatTheDefectsChange() throws {
    // The same strip with its defects unpainted: the texture has a stream of its own.
    let strips = try SteelStrips(height: 64, width: 240, seed: 3)
    var compared = 0
    for index in 0..<30 where !strips.kinds(index).isEmpty {
      let (pixels, objects) = strips.strip(index)
      let bare = strips.bareStrip(index)
      var owners = [Int](repeating: 0, count: pixels.count)
      for object in objects {
        #expect(object.mask.pixelCounts.keys.allSatisfy { $0 == object.kind })
        for (place, value) in object.mask.map.enumerated() where value > 0 { owners[place] += 1 }
      }
      #expect(owners.allSatisfy { $0 <= 1 })
      for place in pixels.indices where owners[place] == 0 { #expect(pixels[place] == bare[place]) }
      let touched = pixels.indices.filter { owners[$0] == 1 }
      let changed = touched.count { pixels[$0] != bare[$0] }
      #expect(touched.count > 0 && Double(changed) > 0.95 * Double(touched.count))
      compared += 1
    }
    #expect(compared > 10)
  }

  @Test func everyKindIsPaintedEvenOnSmallStrips() throws {
    for (height, width) in [(16, 16), (32, 64), (256, 1600)] {
      let strips = try SteelStrips(height: height, width: width, seed: 5)
      var seen = Set<Int>()
      for index in 0..<400 where !strips.kinds(index).isEmpty && seen.count < 4 {
        let kinds = Set(strips.kinds(index))
        if kinds.isSubset(of: seen) { continue }
        let objects = strips.objects(index)
        #expect(!objects.isEmpty)
        seen.formUnion(objects.map(\.kind))
      }
      #expect(seen == [0, 1, 2, 3], "\(height) x \(width)")
    }
  }

  @Test func sizesOutsideTheRangeAreRefused() {
    expectLabError(mentioning: "8 x 100", "16 to 4096") { _ = try SteelStrips(height: 8, width: 100) }
  }
}
