import Testing
import Utils

@Suite("Quoted")
struct QuotedTests {
  @Test func showsControlCharactersAndCutsLongNames() {
    #expect("fc.weight".quoted == "\"fc.weight\"")
    #expect("a\u{1B}[2J\u{7F}\"".quoted == #""a\u001b[2J\u007f\"""#)
    #expect(String(repeating: "x", count: 80).quoted.count == 82)
    #expect(String(repeating: "x", count: 81).quoted == "\"" + String(repeating: "x", count: 80) + "\"...")
    // One character may be made of a million scalars.
    #expect(("e" + String(repeating: "\u{301}", count: 1_000_000)).quoted.utf8.count < 200)
  }

  @Test func aTableShowsPlainTextAsItIsAndControlCharactersEscaped() {
    #expect("conv1.weight ü".printable == "conv1.weight ü")
    #expect("a\u{1B}[2J".printable == #""a\u001b[2J""#)
    #expect("two\nlines".printable == #""two\nlines""#)
  }
}
