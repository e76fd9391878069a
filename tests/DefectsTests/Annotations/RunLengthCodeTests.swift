import DataUtils
import Testing
import Utils

@testable import Defects

@Suite struct RunLengthCodeTests {
  private func pasted(_ text: String) throws(Fault) -> [UInt8] {
    var map = [UInt8](repeating: 0, count: 6)
    try RunLengthCode.paste(text, into: &map, height: 2, width: 3, value: 1)
    return map
  }

  @Test func pixelsAreCountedFromOneDownTheColumns() throws {
    #expect(try pasted("2 2 6 1") == [0, 1, 0, 1, 0, 1])
    #expect(RunLengthCode.text(mask(".0.", "0.0"), label: 0) == "2 2 6 1")
    #expect(try pasted("1 6") == [1, 1, 1, 1, 1, 1])
  }

  @Test func anyMaskSurvivesTheRoundTrip() throws {
    var random = RandomStream(seed: 2)
    for _ in 0..<30 {
      let drawn = RegionMask(map: (0..<35).map { _ in UInt8(random.index(below: 3)) }, height: 5, width: 7)
      var map = [UInt8](repeating: 0, count: 35)
      for label in 0..<2 where drawn.pixelCounts[label] != nil {
        let text = RunLengthCode.text(drawn, label: label)
        try RunLengthCode.paste(text, into: &map, height: 5, width: 7, value: UInt8(label + 1))
      }
      #expect(map == drawn.map)
    }
    #expect(RunLengthCode.text(RegionMask(height: 5, width: 7), label: 0) == "")
  }

  @Test func everyFaultHasItsReason() {
    func fault(_ text: String) -> String {
      do throws(Fault) { _ = try pasted(text) } catch { return error.reason }
      return "none"
    }
    #expect(fault("1 2 3") == "the run lengths are no pairs of start and length")
    #expect(fault(" ") == "the run lengths are no pairs of start and length")
    #expect(fault("1 x") == "the run \"1 x\" is no pair of whole numbers")
    for run in ["0 1", "1 0", "7 1", "5 3", "1 -1", "1 9223372036854775807", "9223372036854775807 1"] {
      #expect(fault(run) == "the run \(run) leaves its image of 2 x 3")
    }
    #expect(fault("3 2 4 1") == "the run 4 1 lies before the last")
    #expect(fault("3 2 1 1") == "the run 1 1 lies before the last")
  }
}
