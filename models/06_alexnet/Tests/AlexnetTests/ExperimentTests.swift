import ModelTesting
import Testing

@testable import Alexnet

/// Every experiment through the program that people run: a few samples, two epochs, then its files are looked for.
@Suite struct ExperimentTests {
  @Test(arguments: alexnetCatalog.experiments.map(\.name))
  func trainsAndLeavesItsPictures(_ experiment: String) throws {
    let run = try SmokeRun(experiment, of: alexnetCatalog)
    #expect(run.problems == [])
  }

  @Test func theCardSaysWhatTheProgramIs() throws {
    #expect(try CardCheck(of: alexnetCatalog).problems == [])
  }
}
