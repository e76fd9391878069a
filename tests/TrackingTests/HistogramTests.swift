import Testing

@testable import Tracking

@Suite struct HistogramTests {
  @Test func everyFiniteNumberIsCountedOnce() {
    let numbers = (0..<1000).map { Float($0) * 0.37 - 50 } + [.nan, .infinity, -.infinity]
    let histogram = Histogram("w", of: numbers.span)
    #expect(histogram.counts.count == 64 && histogram.count == 1000 && histogram.notFinite == 3)
    #expect(histogram.least == Double(numbers[0]) && histogram.greatest == Double(numbers[999]))
    #expect(histogram.upperEdges.last == histogram.greatest)
    #expect(histogram.counts.allSatisfy { (15...16).contains($0) }, "spread evenly: \(histogram.counts)")
  }

  @Test func equalNumbersNeedOneBin() {
    let histogram = Histogram("w", of: [Float](repeating: 2, count: 5).span)
    #expect(histogram.counts == [5] && histogram.upperEdges == [2] && histogram.sumOfSquares == 20)
  }

  @Test func nothingIsNoBin() {
    let histogram = Histogram("w", of: [Float.nan].span)
    #expect(histogram.counts.isEmpty && histogram.upperEdges.isEmpty && histogram.count == 0)
  }
}
