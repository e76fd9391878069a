import ModelTesting
import Testing

@testable import MultilayerPerceptron

/// The card against the program.
@Suite struct CardTests {
  @Test func theCardIsTrue() throws {
    let check = try CardCheck(of: multilayerPerceptronCatalog)
    #expect(check.problems == [])
  }
}
