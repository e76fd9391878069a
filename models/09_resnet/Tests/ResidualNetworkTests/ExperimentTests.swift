import ModelTesting
import Testing

@testable import ResidualNetwork

/// Every experiment through the program that people run: a few samples, two epochs, then its files are looked for.
@Suite struct ExperimentTests {
  @Test(arguments: residualNetworkCatalog.experiments.map(\.name))
  func trainsAndLeavesItsPictures(_ experiment: String) throws {
    let run = try SmokeRun(experiment, of: residualNetworkCatalog)
    #expect(run.problems == [])
  }
}
