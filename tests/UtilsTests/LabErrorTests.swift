import Testing
import Utils

@Suite struct LabErrorTests {
  @Test func anErrorIsOneSentenceOrAQuestion() {
    #expect(LabError(.usage, "a", remedy: "b").description == "a; b.")
    #expect(LabError(.usage, "a", remedy: "did you mean b?").description == "a; did you mean b?")
  }
}
