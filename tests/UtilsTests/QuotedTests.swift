import Testing
import Utils

@Suite struct QuotedTests {
  @Test func aTableShowsPlainTextAsItIsAndControlCharactersEscaped() {
    #expect("conv1.weight ü".printable == "conv1.weight ü")
    #expect("a\u{1B}[2J".printable == #""a\u001b[2J""#)
    #expect("two\nlines".printable == #""two\nlines""#)
  }
}
