import Foundation
import Testing

@testable import Plotting

@Suite struct DrawingTests {
  @Test func seriesDifferInLightness() {
    let lightness = Palette.colors.map(\.lightness).sorted()
    for (a, b) in zip(lightness, lightness.dropFirst()) { #expect(b - a > 6, "\(a) and \(b) print alike") }
    for (a, b) in zip(Palette.colors, Palette.colors.dropFirst()) {
      #expect(abs(a.lightness - b.lightness) > 15)
    }
    for index in 0..<8 {
      #expect(abs(Palette.tint(index).lightness - Palette.tint(index + 1).lightness) > 5)
    }
  }

  @Test func weightsDarkenWithTheirSizeOnBothSides() {
    let sizes = (0...20).map { Double($0) / 20 }
    for (a, b) in zip(sizes, sizes.dropFirst()) {
      for sign in [1.0, -1] {
        #expect(ColorMap.diverging(sign * b).lightness < ColorMap.diverging(sign * a).lightness)
      }
      #expect(abs(ColorMap.diverging(b).lightness - ColorMap.diverging(-b).lightness) < 3)
      #expect(ColorMap.sequential(b).lightness < ColorMap.sequential(a).lightness)
      #expect(ColorMap.heat(b).lightness > ColorMap.heat(a).lightness)
    }
  }

  @Test func longLinesKeepTheirExtremes() {
    let points = (0..<100_000).map { (index: Int) -> Point in
      let y = index == 54_321 ? -40 : index * 7919 % 101
      return Point(Double(index) / 200, Double(y))
    }
    let few = Polyline.reduced(points)
    #expect(few.count < 6000)
    #expect(few.first == points.first && few.last == points.last)
    #expect(few.contains(points[54_321]))
    #expect(few.map(\.y).max() == points.map(\.y).max())
  }

  @Test func whatIsNotFiniteParts() {
    let area = PlotArea(rect: Rect(0, 0, 10, 10), x: Scale(0...10), y: Scale(0...10))
    let series = Series("s", xs: [0, 1, 2, .nan, 4, 5], ys: [1, .infinity, 2, 3, 4, 5])
    #expect(Polyline.runs(of: series, in: area).map(\.count) == [1, 1, 2])
  }

  @Test(arguments: [([0, 0, 0, 0], 1), ([0, 1, 1, 0], 2), ([1, 0, 0, 0], 1)])
  func outlinesCoverTheGrid(grid: [Int], loopsOfZero: Int) {
    #expect(RegionOutline.loops(of: 0, in: grid, width: 2).count == loopsOfZero)
    let area = Set(grid).map { value in signedArea(RegionOutline.loops(of: value, in: grid, width: 2)) }
    #expect(area.reduce(0, +) == 4)
  }

  @Test func outlinesOfNoiseCoverTheGrid() {
    let grid = (0..<900).map { $0 * 7919 % 13 % 3 }
    let total = (0..<3).reduce(0.0) { $0 + signedArea(RegionOutline.loops(of: $1, in: grid, width: 30)) }
    #expect(abs(total - 900) < 1e-9)
  }

  @Test func aHoleIsCutOut() {
    let grid = (0..<25).map { $0 == 12 ? 1 : 0 }
    let loops = RegionOutline.loops(of: 0, in: grid, width: 5)
    #expect(loops.count == 2)
    #expect(signedArea(loops) == 24.5, "the hole of one cell, its corners cut, covers half a cell")
  }

  @Test func longSheetsShowFirstAndLast() {
    let sheet = ContactSheet(title: "t", frames: (0..<1000).map { .init(Samples.lines, caption: "\($0)") })
    #expect(sheet.frames.count == ContactSheet.mostFrames)
    #expect(sheet.frames.first?.caption == "0" && sheet.frames.last?.caption == "999")
  }

  @Test func animationHoldsEveryFrameOnce() throws {
    try withFolder { folder in
      let file = try Samples.sheet.writeAnimation(to: folder, named: "epochs")
      let document = try SVGReader(file)
      #expect(document.frames == 5)
      #expect(document.ids.count == Set(document.ids).count)
      #expect(document.references.isSubset(of: document.ids))
      let bytes = try Data(contentsOf: file)
      #expect(String(decoding: bytes, as: UTF8.self).contains("after epoch 5"))
      let single = try SVGDocument(of: Samples.regions(classes: 5)).bytes.count
      #expect(bytes.count < 5 * single * 4 / 5, "frames share their letters")
      try Samples.sheet.writeAnimation(to: folder, named: "again")
      #expect(try Data(contentsOf: folder.appendingPathComponent("again.svg")) == bytes)
    }
  }

  /// The area inside loops that run clockwise on a page, less that of their holes.
  private func signedArea(_ loops: [[Point]]) -> Double {
    var area = 0.0
    for loop in loops {
      for (a, b) in zip(loop, loop.dropFirst() + loop.prefix(1)) { area += (a.x * b.y - b.x * a.y) / 2 }
    }
    return area
  }
}
