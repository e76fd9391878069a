import ModelTesting
import Testing

@testable import NewModel

/// Every experiment through the program that people run: a few samples, two epochs, then its files are looked for.
@Suite struct ExperimentTests {
  @Test(arguments: newModelCatalog.experiments.map(\.name))
  func trainsAndLeavesItsPictures(_ experiment: String) throws {
    let run = try SmokeRun(experiment, of: newModelCatalog)
    #expect(run.problems == [])
  }

  @Test func theCardSaysWhatTheProgramIs() throws {
    #expect(try CardCheck(of: newModelCatalog).problems == [])
  }
}
