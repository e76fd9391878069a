import Testing
import Utils

@testable import SteelDefects

/// The six checks of `validate`.
@Suite struct SystemCheckTests {
  @Test func allPass() {
    var lines: [String] = []
    #expect(SystemCheck.run(SystemCheck.checks) { lines.append($0) })
    #expect(lines.count == 7 && lines.last == "6 of 6 checks passed")
    #expect(lines[1].contains("27914024 parameters"))
  }

  @Test func whatFailsIsSaid() {
    let broken: SystemCheck.Check = ("model", { throw LabError(.model, "it is broken", remedy: "mend it") })
    var lines: [String] = []
    #expect(!SystemCheck.run([broken, SystemCheck.checks[4]]) { lines.append($0) })
    #expect(lines[0].contains("FAIL") && lines[0].contains("it is broken"))
    #expect(lines.last == "1 of 2 checks passed")
  }
}
