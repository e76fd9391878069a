import Testing

@testable import DataUtils

/// Photographs of one tile stay together.
@Suite("Magnetic tiles")
struct MagneticTilesTests {
  private let paths = [
    "MT_Fray/Imgs/exp1_num_20362.jpg", "MT_Fray/Imgs/exp2_num_20390.jpg", "MT_Fray/Imgs/exp1_num_77531.jpg",
    "MT_Free/Imgs/exp1_num_20400.jpg", "MT_Fray/Imgs/exp3_num_20409.jpg", "MT_Free/Imgs/exp1_num_50000.jpg",
  ]
  private let labels = [0, 0, 0, 1, 0, 1]

  @Test func numbersThatFollowEachOther() {
    #expect(MagneticTiles(paths: paths, labels: labels).kinds == [[[0, 1, 4], [2]], [[3], [5]]])
  }

  @Test func partsOfWholeTiles() {
    let tiles = MagneticTiles(paths: paths, labels: labels)
    for seed in 0..<20 {
      let parts = tiles.parts(test: 1, val: 0, seed: UInt64(seed))
      #expect(parts.test.contains(2) && parts.val.isEmpty, "three photographs of one tile do not fit")
      #expect((parts.train + parts.val + parts.test).sorted() == Array(0..<6))
      #expect(parts.train.contains(3) != parts.train.contains(5))
    }
    let seeds = Set((0..<20).map { tiles.parts(test: 1, val: 0, seed: UInt64($0)).test })
    #expect(seeds.count == 2)
  }
}
