import ModelTesting
import Testing

@testable import SharedBackbone

/// The card, and every experiment through the program that people run; the network's own tests are those of Captions.
@Suite struct SharedBackboneTests {
  @Test func theCardIsTrue() throws {
    let check = try CardCheck(of: sharedBackboneCatalog)
    #expect(check.problems == [])
  }

  @Test(arguments: sharedBackboneCatalog.experiments.map(\.name))
  func trainsAndLeavesItsPictures(_ experiment: String) throws {
    let own = [
      "captions": ["videos=2", "captions=14", "fusion_hidden_dim=16"], "pretext": ["pictures=40"],
    ]
    let words =
      (own[experiment] ?? ["pairs=15", "fusion_hidden_dim=16"]) + ["height=16", "width=48", "batch_size=5"]
    let run = try SmokeRun(experiment, of: sharedBackboneCatalog, samples: 10, words)
    #expect(run.problems == [])
  }
}
