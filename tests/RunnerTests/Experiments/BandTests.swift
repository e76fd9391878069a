import Testing

@testable import Runner

@Suite struct BandTests {
  @Test func sayInWordsWhatIsExpected() {
    #expect(Band.atLeast(0.97, of: .test).text == "test accuracy >= 0.97")
    #expect(Band.atMost(0.75, of: .all).text == "all accuracy <= 0.75")
    #expect(Band.atLeast(0.9, "pocket_accuracy", of: .all).text == "all pocket_accuracy >= 0.9")
  }

  @Test func theBoundBelongsToTheBand() {
    #expect(Band.atLeast(0.97, of: .test).range.contains(0.97))
    #expect(!Band.atLeast(0.97, of: .test).range.contains(0.9699))
    #expect(Band.atMost(0.75, of: .all).range.contains(0.75))
    #expect(!Band.atMost(0.75, of: .all).range.contains(0.7501))
    #expect(!Band.atLeast(0, of: .all).range.contains(.nan), "not a number is no success")
  }
}
