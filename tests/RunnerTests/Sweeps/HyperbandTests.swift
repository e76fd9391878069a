import Testing

@testable import Runner

/// Which runs go on at a band.
@Suite struct HyperbandTests {
  private let hyperband = Hyperband(bands: [2, 4], eta: 2, isStrict: false)

  @Test func theBestHalfGoesOn() {
    let others: [[Int: Double]] = [[1: 10, 2: 9], [1: 10, 2: 8], [1: 10, 2: 7], [1: 9]]
    func verdict(_ own: [Int: Double]) -> String? {
      hyperband.verdict(after: 2, own, others: others, goal: .minimize)
    }
    #expect(verdict([1: 10, 2: 7.5]) == nil)
    #expect(verdict([1: 10, 2: 9.5])?.contains("after 2 epochs") == true)
    #expect(verdict([1: 1, 2: 9.5]) == nil, "the best so far counts")
    #expect(verdict([1: 10, 2: .nan]) != nil, "a loss that is no number is worse than any")
    let strict = Hyperband(bands: [2], eta: 2, isStrict: true)
    #expect(strict.verdict(after: 2, [1: 1, 2: 9.5], others: others, goal: .minimize) != nil)
  }

  @Test func moreMayBeBetter() {
    let others: [[Int: Double]] = [[2: 0.9], [2: 0.8], [2: 0.7]]
    #expect(hyperband.verdict(after: 2, [2: 0.95], others: others, goal: .maximize) == nil)
    #expect(hyperband.verdict(after: 2, [2: 0.6], others: others, goal: .maximize) != nil)
  }

  @Test func nobodyIsJudgedAloneOrBetweenBands() {
    #expect(hyperband.verdict(after: 2, [2: 5], others: [], goal: .minimize) == nil)
    #expect(hyperband.verdict(after: 3, [3: 5], others: [[3: 1], [3: 1]], goal: .minimize) == nil)
    #expect(hyperband.verdict(after: 4, [4: 5], others: [[2: 1], [3: 1]], goal: .minimize) == nil)
  }
}
