import ModelTesting
import Testing

@testable import TripleBackbone

/// The card, and every experiment through the program that people run; the network's own tests are those of Captions.
@Suite struct TripleBackboneTests {
  @Test func theCardIsTrue() throws {
    let check = try CardCheck(of: tripleBackboneCatalog)
    #expect(check.problems == [])
  }

  @Test(arguments: tripleBackboneCatalog.experiments.map(\.name))
  func trainsAndLeavesItsPictures(_ experiment: String) throws {
    let run = try SmokeRun(
      experiment, of: tripleBackboneCatalog, samples: 10,
      ["pairs=15", "height=16", "width=48", "fusion_hidden_dim=16", "batch_size=5"])
    #expect(run.problems == [])
  }
}
