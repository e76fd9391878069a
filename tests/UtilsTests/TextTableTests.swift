import Testing
import Utils

@Suite struct TextTableTests {
  @Test func longCellsGoOnBelowThemselves() {
    let table = aligned(
      [["key", "a short value", "what it means in some more words than fit into a line"], ["k", "v", "w"]],
      width: 50)
    #expect(
      table == """
        key  a short value  what it means in some more
                            words than fit into a line
        k    v              w
        """)
  }

  @Test func middleColumnsAreNoWiderThanTheirCap() {
    let list = (1...20).map { "value_\($0)" }.joined(separator: ", ")
    let lines = aligned([["key", list, "help"]], width: 100).split(separator: "\n")
    #expect(lines.count > 5 && lines.allSatisfy { $0.count <= 100 })
  }

  @Test func columnsAreReadDownwards() {
    #expect(inColumns(["a", "bb", "c", "d", "e"], width: 10) == "  a   d\n  bb  e\n  c")
    #expect(
      inColumns([]).isEmpty && inColumns(["longer than the line"], width: 5) == "  longer than the line")
  }
}
