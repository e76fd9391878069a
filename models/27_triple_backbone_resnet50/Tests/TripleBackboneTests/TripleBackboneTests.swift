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
    let own = [
      "captions": ["videos=2", "captions=14", "fusion_hidden_dim=16"], "pretext": ["pictures=40"],
    ]
    let words =
      (own[experiment] ?? ["pairs=15", "fusion_hidden_dim=16"]) + ["height=16", "width=48", "batch_size=5"]
    let run = try SmokeRun(experiment, of: tripleBackboneCatalog, samples: 10, words)
    #expect(run.problems == [])
  }
}
