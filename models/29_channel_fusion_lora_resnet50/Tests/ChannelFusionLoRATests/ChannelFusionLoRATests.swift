import ModelTesting
import Testing

@testable import ChannelFusionLoRA

/// The card, and every experiment through the program that people run; the network's own tests are those of Captions.
@Suite struct ChannelFusionLoRATests {
  @Test func theCardIsTrue() throws {
    let check = try CardCheck(of: channelFusionLoRACatalog)
    #expect(check.problems == [])
  }

  @Test(arguments: channelFusionLoRACatalog.experiments.map(\.name))
  func trainsAndLeavesItsPictures(_ experiment: String) throws {
    let own = [
      "captions": ["videos=2", "captions=14", "fusion_hidden_dim=16"], "pretext": ["pictures=40"],
    ]
    let words =
      (own[experiment] ?? ["pairs=15", "fusion_hidden_dim=16"]) + ["height=16", "width=48", "batch_size=5"]
    let run = try SmokeRun(experiment, of: channelFusionLoRACatalog, samples: 10, words)
    #expect(run.problems == [])
  }
}
