import ModelTesting
import Testing

@testable import LeNet

/// The card against the program.
@Suite struct CardTests {
  @Test func theCardIsTrue() throws {
    let check = try CardCheck(of: leNetCatalog)
    #expect(check.problems == [])
  }
}
