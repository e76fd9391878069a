import Foundation
import Testing

@testable import Plotting

@Suite struct ContourLinesTests {
  /// x + 2 y = 5 over a grid of 6 x 5 is one straight line from edge to edge.
  @Test func ofAPlaneIsAStraightLine() {
    let values = (0..<30).map { Double($0 % 6) + 2 * Double($0 / 6) }
    let lines = ContourLines.lines(at: 5, in: values, width: 6)
    #expect(lines.count == 1)
    for point in lines.joined() {
      let value = (point.x - 0.5) + 2 * (point.y - 0.5)
      #expect(abs(value - 5) < 1e-12)
    }
    let ys = lines.joined().map(\.y)
    #expect(ys.min() == 0.5 && ys.max() == 3, "from x = 5 to x = 0")
  }

  @Test func ofABowlIsAClosedRing() throws {
    let values = (0..<441).map { hypot(Double($0 % 21) - 10, Double($0 / 21) - 10) }
    let lines = ContourLines.lines(at: 6, in: values, width: 21)
    #expect(lines.count == 1)
    let ring = try #require(lines.first)
    #expect(ring.first == ring.last && ring.count > 20)
    for point in ring {
      let radius = hypot(point.x - 10.5, point.y - 10.5)
      #expect(abs(radius - 6) < 0.05)
    }
  }

  /// Two high corners across a square: what its middle says decides whether they are joined.
  @Test(arguments: [(2.0, 0.9), (0.4, 0.3)]) func aSaddleIsParted(high: Double, level: Double) {
    let lines = ContourLines.lines(at: level, in: [high, 0, 0, high], width: 2)
    #expect(lines.count == 2)
    let middleIsHigh = high / 2 >= level
    for line in lines {
      let corners = middleIsHigh ? [Point(1.5, 0.5), Point(0.5, 1.5)] : [Point(0.5, 0.5), Point(1.5, 1.5)]
      let isCutOff = corners.contains { corner in
        line.allSatisfy { point in hypot(point.x - corner.x, point.y - corner.y) < 1 }
      }
      #expect(isCutOff, "each line cuts off one corner")
    }
  }

  @Test func whatIsNotFiniteHoldsNoLine() {
    #expect(ContourLines.lines(at: 1, in: [0, 2, .nan, 2], width: 2).isEmpty)
    #expect(ContourLines.lines(at: 1, in: [0, 2], width: 2).isEmpty, "one row has no squares")
    #expect(ContourLines.lines(at: 9, in: [0, 2, 1, 2], width: 2).isEmpty)
  }
}
