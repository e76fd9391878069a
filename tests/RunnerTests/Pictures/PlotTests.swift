import DataUtils
import Foundation
import Plotting
import Testing

@testable import Engine
@testable import Runner

@Suite struct PlotTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  private func context(_ name: String, history: [EpochReport] = []) throws -> PictureContext {
    let plan = try bench.plan(name)
    let network = try plan.network()
    return PictureContext(plan, network, history: history, try Judgement(network, plan, on: .all))
  }

  /// A model's own picture sees the network, its data, its settings and how it did.
  @Test func aModelBringsItsOwnPicture() throws {
    let own = Experiment.Plot("weight_norm") { context in
      let weights = context.network.parameters().flatMap { $0.parameter.value.elements.map(Double.init) }
      let samples = try context.samples()
      #expect(context.evaluation.count == samples.count)
      #expect(context.settings.bool("gentle") == false && context.seed == 42)
      let title = "\(context.experiment.name) on \(context.part) of \(context.data.splits.train.name)"
      return [
        NamedFigure(
          "weight_norm",
          LineChart(title: title, xLabel: "weight", yLabel: "value", series: [Series("w", weights)]))
      ]
    }
    let folder = bench.root.appending(path: "own")
    let files = try own.write(context("xor"), to: folder)
    #expect(files.map(\.lastPathComponent) == ["weight_norm.png", "weight_norm.svg"])
    #expect(try text(files[1]).contains("xor on all of xor"))
  }

  @Test func theFirstFigureIsCalledAsThePlot() throws {
    let report = EpochReport(
      epoch: 1, step: 1, metrics: [Metric("train_loss", 1), Metric("train_accuracy", 0.5)], seconds: 0,
      totalSeconds: 0)
    let plots: [Experiment.Plot] = [.learningCurves, .decisionRegions, .confusionMatrix, .weights, .roc]
    for plot in plots {
      let figures = try plot.figures(context("blobs", history: [report]))
      #expect(figures.first?.name == plot.name)
    }
  }

  @Test func withoutAHistoryNoCurveIsDrawn() throws {
    let figures = try Experiment.Plot.learningCurves.figures(context("blobs"))
    #expect(figures.isEmpty)
  }

  @Test func inputsAreWhatTheNetworkSees() throws {
    let context = try context("blobs")
    let samples = try context.samples()
    #expect(try context.inputs(samples).shape == [samples.count, 2])
    #expect(try context.inputs(samples.subset([])).shape == [0, 2])
  }

  @Test func plotsAreToldApartByName() {
    #expect(Experiment.Plot("weights") { _ in [] } == .weights)
    #expect(Set<Experiment.Plot>([.weights, .roc, .weights]).count == 2)
  }
}
