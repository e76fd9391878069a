import Foundation
import TestSupport
import Testing
import Utils

@testable import Runner

@Suite struct GradientCheckingTests {
  private func answer(_ arguments: String...) throws -> JSONValue {
    let options = try TrainOptions.parse(arguments)
    return try GradientChecking(catalog: tinyCatalog, options: options).json(
      entries: try #require(options.questions.gradcheck))
  }

  @Test func theFirstExperimentWithALossIsChecked() throws {
    let answer = try answer("--gradcheck", "6")
    #expect(answer["experiment"] == "three-blobs" && answer["passed"] == true && answer["samples"]?.int == 16)
    let row = try #require(answer["parameters"]?.array?.first)
    #expect(row["name"] == "linear.weight" && row["checked"]?.int == 6 && row["worst"]?.array?.count == 2)
  }

  @Test func anExperimentWithoutALossGetsTheOneOfItsOutputs() throws {
    let answer = try answer("--experiment", "xor", "--gradcheck", "3")
    #expect(answer["experiment"] == "xor" && answer["passed"] == true)
  }

  @Test func wrongNumbersOfEntriesAreRefused() throws {
    for text in ["0", "-1", "x"] {
      expectLabError(mentioning: "--entries is \(text)", exitCode: 2) { try answer("--gradcheck", text) }
    }
  }
}
