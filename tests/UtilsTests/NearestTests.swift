import Testing
@testable import Utils

@Suite("Nearest name")
struct NearestTests {
  @Test(arguments: [
    ("", "", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3), ("xro", "xor", 1), ("ab", "ba", 1),
    ("ca", "abc", 3), ("flaw", "lawn", 2),
  ])
  func distance(a: String, b: String, expected: Int) {
    #expect(editDistance(Array(a), Array(b)) == expected)
    #expect(editDistance(Array(b), Array(a)) == expected)
  }

  @Test(
    arguments: [
      ("iris-hrad", "iris-hard"), ("Iris_Hard", "iris-hard"), ("irishard", "iris-hard"), ("xro", "xor"),
      ("moon", "moons"), ("epohcs", "epochs"), ("an", "and"),
      ("zebra", nil), ("", nil), ("x", nil), ("qq", nil), ("momentum-of-nothing", nil),
    ] as [(String, String?)])
  func nearest(typed: String, expected: String?) {
    let names = ["and", "or", "xor", "iris-easy", "iris-hard", "moons", "epochs"]
    #expect(nearestName(to: typed, in: names) == expected)
  }

  @Test func firstOfEquallyNearNamesWins() {
    #expect(nearestName(to: "best", in: ["rest", "test"]) == "rest")
    #expect(nearestName(to: "best", in: ["test", "rest"]) == "test")
    #expect(nearestName(to: "best", in: []) == nil)
  }
}
