import Testing
import Utils

@testable import DataUtils

/// The mask drawn by rows of text: `.` for no class, a digit for a class.
func mask(_ rows: String...) -> RegionMask {
  let map = rows.joined().map { $0 == "." ? 0 : UInt8($0.wholeNumberValue ?? 0) + 1 }
  return RegionMask(map: map, height: rows.count, width: rows[0].count)
}

@Suite struct RegionMaskTests {
  @Test func runsAndMapAreTheSamePicture() {
    let mask = mask("..001", "11..1")
    #expect(mask.runs.map(\.row) == [0, 0, 1, 1])
    #expect(mask.runs.map(\.column) == [2, 4, 0, 4])
    #expect(mask.runs.map(\.length) == [2, 1, 2, 1])
    #expect(mask.runs.map(\.label) == [0, 1, 1, 1])
    #expect(mask.map == [0, 0, 1, 1, 2, 2, 2, 0, 0, 2])
    #expect(mask.pixelCounts == [0: 2, 1: 4])
    #expect(RegionMask(height: 2, width: 3).isEmpty)
    #expect(RegionMask(height: 2, width: 3).map == [0, 0, 0, 0, 0, 0])
  }

  @Test func resizingTakesTheNearestPixel() {
    let small = mask("01", "1.")
    #expect(small.resized(height: 4, width: 4) == mask("0011", "0011", "11..", "11.."))
    #expect(small.resized(height: 4, width: 4).resized(height: 2, width: 2) == small)
  }

  @Test func regionsHangTogetherOverEdgesAndCornersWithinAClass() {
    let mask = mask(
      "00...1",
      "..0.1.",
      "..11..",
      "0....0")
    let regions = mask.regions
    #expect(regions.map(\.label) == [0, 1, 0, 0])
    #expect(regions.map(\.pixelCount) == [3, 4, 1, 1])
    #expect(regions[0].rows == 0..<2 && regions[0].columns == 0..<3)
    #expect(regions[1].rows == 0..<3 && regions[1].columns == 2..<6)
    #expect(
      mask.removing([regions[1], regions[3]]).map == mask.map.map { $0 == 2 ? 0 : $0 }.dropLast() + [0])
  }

  @Test func regionsEqualAFloodFill() {
    var random = RandomStream(seed: 5)
    for _ in 0..<50 {
      let (height, width) = (1 + random.index(below: 12), 1 + random.index(below: 12))
      let map = (0..<height * width).map { _ in UInt8(random.index(below: 3)) }
      let regions = RegionMask(map: map, height: height, width: width).regions
      var found = [Int](repeating: -1, count: map.count)
      for (number, region) in regions.enumerated() {
        for run in region.runs {
          for column in run.column..<run.column + run.length {
            found[Int(run.row) * width + Int(column)] = number
          }
        }
      }
      #expect(found == flooded(map, height: height, width: width))
    }
  }

  /// The number of each pixel's region, -1 where no class is; regions in the order of their first pixels.
  private func flooded(_ map: [UInt8], height: Int, width: Int) -> [Int] {
    var numbers = [Int](repeating: -1, count: map.count)
    var next = 0
    for start in map.indices where map[start] > 0 && numbers[start] < 0 {
      var open = [start]
      numbers[start] = next
      while let place = open.popLast() {
        for row in max(place / width - 1, 0)...min(place / width + 1, height - 1) {
          for column in max(place % width - 1, 0)...min(place % width + 1, width - 1) {
            let other = row * width + column
            guard map[other] == map[place], numbers[other] < 0 else { continue }
            numbers[other] = next
            open.append(other)
          }
        }
      }
      next += 1
    }
    return numbers
  }
}
