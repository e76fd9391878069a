import Testing
import Utils

@testable import Plotting

@Suite struct SeriesBandsTests {
  @Test func meanAndDeviationOfRuns() {
    let series = Series("s", xs: [1, 2], meanOf: [[1, 5], [3, 5], [5, 5]])
    #expect(series.ys == [3, 5])
    #expect(series.deviations == [2, 0])
    #expect(series.bandEdges == [1, 5, 5, 5])
    #expect(Series("one", xs: [1], meanOf: [[4]]).deviations.isEmpty)
  }

  @Test func aGapPartsTheBand() {
    let area = PlotArea(rect: Rect(0, 0, 100, 100), x: Scale(0...10), y: Scale(0...10))
    let series = Series(
      "s", xs: [0, 1, 2, 3, 4, 5], ys: [5, 5, .nan, 5, 5, 5], deviations: [1, 1, 1, 1, 1, .nan])
    let bands = series.bands(in: area)
    #expect(bands.count == 2)
    #expect(bands.first == [Point(0, 40), Point(10, 40), Point(10, 60), Point(0, 60)])
    #expect(Series("none", [1, 2]).bands(in: area).isEmpty)
  }

  @Test func onALogarithmicScaleABandReachesTheFoot() {
    let area = PlotArea(rect: Rect(0, 0, 100, 100), x: Scale(0...1), y: Scale(1...100, isLogarithmic: true))
    let band = Series("s", xs: [0, 1], ys: [5, 5], deviations: [5, 5]).bands(in: area)
    #expect(band == [[Point(0, 50), Point(100, 50), Point(100, 100), Point(0, 100)]])
  }
}
