import Testing
import Utils

@Suite("Wrapped text")
struct WrappedTextTests {
  @Test("lines are as long as fits, broken between words")
  func lines() {
    #expect(wrapped("one two  three\nfour", width: 9) == ["one two", "three", "four"])
    #expect(wrapped("one two", width: 7) == ["one two"])
    #expect(wrapped("", width: 7) == [])
  }

  @Test("a word that is longer than a line has one to itself")
  func longWords() {
    #expect(wrapped("a unbreakable b", width: 4) == ["a", "unbreakable", "b"])
    #expect(wrapped("a b", width: 0) == ["a", "b"])
  }
}
