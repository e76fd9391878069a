import Testing
import Utils

@testable import CaptionData

@Suite struct FramePairTests {
  private func pairs(_ rows: [(Int, Int, CaptionSegment.State, String?)]) -> FramePairs {
    FramePairs(
      of: rows.enumerated().map { place, row in
        CaptionSegment(id: place + 1, start: row.0, end: row.1, state: row.2, text: row.3)
      })
  }

  @Test func quartersInsideAndOneAtEachMeeting() {
    let found = pairs([(10, 19, .confirmed, "a"), (20, 29, .confirmed, "b")])
    #expect(
      found.pairs.map { [$0.first, $0.second] } == [
        [12, 13], [15, 16], [17, 18], [19, 20], [22, 23], [25, 26], [27, 28],
      ])
    #expect(found.pairs.map(\.label) == [.same, .same, .same, .different, .same, .same, .same])
    #expect(found.pairs.map(\.captionID) == [1, 1, 1, 1, 2, 2, 2])
  }

  /// Frames of stretches of 1 to 5: start + ⌊n p⌋ and the one behind, where that is inside.
  @Test(arguments: [(1, []), (2, [0]), (3, [0, 1]), (4, [1, 2]), (5, [1, 2, 3])])
  func shortStretches(length: Int, first: [Int]) {
    #expect(pairs([(0, length - 1, .confirmed, "")]).pairs.map(\.first) == first)
  }

  @Test func theTableOfMeetings() {
    let texts = ["a", "b", "", "  \n", "c"]
    let found = pairs(texts.enumerated().map { ($0, $0, .confirmed, $1) })
    #expect(found.pairs.map(\.label) == [.different, .validEmpty, .emptyEmpty, .emptyValid])
  }

  @Test func onlyConfirmedAndReadStretchesGivePairs() {
    let found = pairs([
      (0, 0, .confirmed, "a"), (1, 9, .predicted, "x"), (10, 10, .gap, nil), (11, 11, .confirmed, "b"),
      (12, 20, .confirmed, nil), (21, 21, .confirmed, "c"), (22, 30, .issue, "d"),
    ])
    #expect(found.pairs == [FramePair(first: 0, second: 11, label: .different, captionID: 1)])
    #expect(found.segmentCount == 7 && found.confirmedCount == 4 && found.unreadCount == 1)
  }

  @Test func everyLabelHasItsShareOfEachPart() {
    let labels = (0..<1000).map { CaptionLabel.allCases[$0 % 7 % 5] }
    let parts = PairSplit.random(labels, ratio: 0.8, seed: 42)
    for label in CaptionLabel.allCases {
      let members = labels.indices.filter { labels[$0] == label }
      let watched = members.count { parts[$0] == .val }
      #expect(abs(Double(watched) - 0.2 * Double(members.count)) <= 0.5)
    }
    #expect(parts == PairSplit.random(labels, ratio: 0.8, seed: 42))
    #expect(parts != PairSplit.random(labels, ratio: 0.8, seed: 43))
  }

  @Test func rareLabelsAreInBothPartsWhereTheyCan() {
    let labels: [CaptionLabel] = [.same, .same, .different]
    for ratio in [0.01, 0.5, 0.99] {
      let parts = PairSplit.random(labels, ratio: ratio, seed: 1)
      #expect(Set(parts[0..<2]) == [.train, .val] && parts[2] == .train)
    }
  }

  @Test func showsStayTogether() throws {
    let shows = (0..<200).map { "show \($0 % 7)" }
    let parts = try PairSplit.showBased(shows, ratio: 0.7, seed: 3)
    for show in Set(shows) {
      #expect(Set(shows.indices.filter { shows[$0] == show }.map { parts[$0] }).count == 1)
    }
    #expect(abs(parts.count { $0 == .val } - 60) <= 15)
    #expect(throws: LabError.self) { try PairSplit.showBased(["a", "a"], ratio: 0.5, seed: 1) }
    #expect(Set(try PairSplit.showBased(["a", "b"], ratio: 0.99, seed: 1)) == [.train, .val])
  }
}
