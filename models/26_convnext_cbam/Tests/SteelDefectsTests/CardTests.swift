import ModelTesting
import Testing

@testable import SteelDefects

/// The card against the program.
@Suite struct CardTests {
  @Test func theCardIsTrue() throws {
    let check = try CardCheck(of: steelDefectsCatalog)
    #expect(check.problems == [])
  }
}
