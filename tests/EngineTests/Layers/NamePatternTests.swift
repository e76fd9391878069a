import Testing

@testable import Engine

@Suite("Name patterns") struct NamePatternTests {
  @Test(arguments: [
    ("fc1.weight", "fc1.weight", true), ("fc1.weight", "fc1", false), ("fc1.weight", "fc1.*", true),
    ("layer1.0.conv1", "*conv*", true), ("layer1.0.conv1", "layer*.conv1", true), ("conv", "*conv", true),
    ("aba", "ab*ba", false), ("abba", "ab*ba", true), ("axbxc", "a*x*x*c", true), ("axc", "a*x*x*c", false),
    ("", "*", true), ("a", "", false),
  ]) func fits(_ name: String, _ pattern: String, _ answer: Bool) {
    #expect(NamePattern.fits(name, pattern) == answer)
  }

  @Test func noPatternFitsAll() {
    #expect(NamePattern.fits("any", []) && !NamePattern.fits("any", ["b", "c"]))
  }
}
