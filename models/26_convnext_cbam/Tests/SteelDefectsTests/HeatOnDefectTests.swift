import Engine
import Testing

@testable import SteelDefects

@Suite struct HeatOnDefectTests {
  /// Columns 0 and 1 of 4 x 4 pixels.
  private let left = (0..<16).map { $0 % 4 < 2 }

  @Test func evenHeatLiesInAMaskWithItsShareOfTheArea() throws {
    let share = shareOfHeat(Tensor(repeating: 3, shape: [1, 2, 2]), inside: left, height: 4, width: 4)
    #expect(abs(try #require(share) - 0.5) < 1e-6)
  }

  @Test func heatOnTheOtherSideLiesMostlyOutside() throws {
    let right = Tensor([0, 1, 0, 1], shape: [1, 2, 2])
    let share = try #require(shareOfHeat(right, inside: left, height: 4, width: 4))
    #expect(share < 0.25)
  }

  @Test func noHeatHasNoShare() {
    #expect(shareOfHeat(Tensor(repeating: 0, shape: [1, 2, 2]), inside: left, height: 4, width: 4) == nil)
  }
}
