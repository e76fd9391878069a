import ModelTesting
import Testing

@testable import LeNet

/// Every experiment through the program that people run: a few samples, two epochs, then its files are looked for.
@Suite struct ExperimentTests {
  @Test(arguments: leNetCatalog.experiments.map(\.name))
  func trainsAndLeavesItsPictures(_ experiment: String) throws {
    let run = try SmokeRun(experiment, of: leNetCatalog)
    #expect(run.problems == [])
  }
}
