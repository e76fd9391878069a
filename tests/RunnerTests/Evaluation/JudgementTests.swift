import DataUtils
import Engine
import Testing
import Utils

@testable import Runner

@Suite struct JudgementTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  /// A network that says class 1 where the first feature is positive, for the experiment `xor`.
  private func judgement(_ part: DataSplits.Part, weights: [Float] = [1, 0]) throws -> (Judgement, RunPlan) {
    let plan = try bench.plan("xor")
    let network = try plan.network()
    network.parameters()[0].parameter.update { for i in 0..<2 { $0[i] = weights[i] } }
    network.parameters()[1].parameter.update { $0[0] = -0.5 * weights[0] }
    return (try Judgement(network, plan, on: part), plan)
  }

  @Test func metricsOfTheNetworkThenOfItsVariants() throws {
    let (judgement, _) = try judgement(.all)
    #expect(
      judgement.metrics.map(\.name) == [
        "accuracy", "precision_macro", "recall_macro", "f1_macro", "roc_auc", "opposite_accuracy",
        "opposite_precision_macro", "opposite_recall_macro", "opposite_f1_macro", "opposite_roc_auc",
      ])
    let accuracy = try #require(judgement.metrics["accuracy"])
    let opposite = try #require(judgement.metrics["opposite_accuracy"])
    #expect(accuracy + opposite == 1)
    #expect(judgement.summary.map(\.name).allSatisfy { $0.hasPrefix("all_") })
    #expect(judgement.summary.first?.value == accuracy)
    #expect(judgement.evaluation.count == 40)
  }

  @Test func theResultSaysWhetherItLiesInItsBand() throws {
    let (inside, plan) = try judgement(.all)
    let result = inside.result(plan.experiment)
    #expect(result.isWithinBand == true && result.split == "all" && result.count == 40)
    #expect(result.band == "all opposite_accuracy <= 0.75" && result.published == .null)
    #expect(result.metrics["opposite_accuracy"] == inside.metrics["opposite_accuracy"])
    let other = try judgement(.train).0.result(plan.experiment)
    #expect(other.isWithinBand == nil, "the band speaks of another part")
  }

  @Test func theLinesShowOursTheBandAndThePublishedFigure() throws {
    let (inside, plan) = try judgement(.all)
    let lines = inside.lines(plan.experiment)
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("result") && lines[0].contains("all accuracy 0."))
    #expect(lines[0].contains("opposite_accuracy 0.") && lines[0].hasSuffix("(40 samples)"))
    #expect(lines[1].contains("all opposite_accuracy <= 0.75: 0.") && lines[1].hasSuffix("as expected"))
    #expect(lines[2].contains("no figure"))
    #expect(try judgement(.train).0.lines(plan.experiment).count == 1, "the band speaks of another part")
  }

  @Test func whatIsOutsideTheBandIsSaid() throws {
    let plan = try bench.plan("blobs")
    let network = try plan.network()
    for (_, parameter) in network.parameters() {
      parameter.update { span in for i in 0..<span.count { span[i] = 0 } }
    }
    let judgement = try Judgement(network, plan, on: .test)
    #expect(judgement.result(plan.experiment).isWithinBand == false)
    #expect(judgement.metrics["loss"].map { abs($0 - 1.0986) < 1e-4 } == true, "ln 3 for three equal outputs")
    #expect(judgement.lines(plan.experiment)[1].contains("0.3333, not as expected"))
    #expect(judgement.lines(plan.experiment)[2].contains("100 % (Nobody 2000)"))
  }
}
