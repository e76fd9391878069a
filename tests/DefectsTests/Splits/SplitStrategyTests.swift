import Testing
import Utils

@testable import Defects

@Suite struct SplitStrategyTests {
  @Test func theSeverstalSetHasThePublishedSizes() {
    let sizes = SplitStrategy.stratified701515.ratios.sizes(of: 12568)
    #expect(sizes == (8797, 1885, 1886))
    #expect(SplitStrategy.stratified801010.ratios.sizes(of: 12568) == (10054, 1256, 1258))
  }

  @Test func wholeSharesAreNotRoundedDownByFloatingPoint() {
    for count in stride(from: 20, to: 2000, by: 20) {
      #expect(
        SplitStrategy.stratified701515.ratios.sizes(of: count) == (
          count * 14 / 20, count * 3 / 20, count * 3 / 20
        ))
    }
  }

  @Test func anUnknownNameIsAnsweredWithTheNearest() throws {
    #expect(try SplitStrategy(named: "stratified_80_10_10") == .stratified801010)
    let error = #expect(throws: LabError.self) { try SplitStrategy(named: "stratified_70_15_16") }
    #expect(error?.description.contains("did you mean stratified_70_15_15?") == true)
  }

  @Test func sharesMustSumToOne() {
    #expect(throws: Never.self) { try SplitRatios(train: 0.7, val: 0.2, test: 0.1 + 5e-7) }
    #expect(throws: LabError.self) { try SplitRatios(train: 0.7, val: 0.2, test: 0.1 + 2e-6) }
    #expect(throws: LabError.self) { try SplitRatios(train: 1.2, val: -0.1, test: -0.1) }
  }
}
