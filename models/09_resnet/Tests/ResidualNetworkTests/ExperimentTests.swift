import ModelTesting
import Testing

@testable import ResidualNetwork

/// Every experiment through the program that people run: a few samples, two epochs, then its files are looked for.
@Suite struct ExperimentTests {
  /// A study is tried with one small depth: its runs are all alike.
  @Test(arguments: residualNetworkCatalog.experiments.map(\.name))
  func trainsAndLeavesItsPictures(_ experiment: String) throws {
    let isStudy = try residualNetworkCatalog.experiment(experiment).study != nil
    let run = try SmokeRun(experiment, of: residualNetworkCatalog, isStudy ? ["layers=8"] : [])
    #expect(run.problems == [])
  }

  /// What the margin says: the worse of both claims.
  @Test func theMarginIsAboveZeroOnlyWhereBothClaimsHold() throws {
    let study = try #require(try residualNetworkCatalog.experiment("degradation").study)
    #expect(study.metrics.map(\.name) == ["plain_gap", "residual_gap", "depth_margin"])
    #expect(study.sweep.map(\.key) == ["blocks", "layers"] && study.seeds == 3)
  }
}
