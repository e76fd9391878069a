import ModelTesting
import Testing

@testable import ResidualNetwork

/// The card against the program.
@Suite struct CardTests {
  @Test func theCardIsTrue() throws {
    let check = try CardCheck(of: residualNetworkCatalog)
    #expect(check.problems == [])
  }
}
