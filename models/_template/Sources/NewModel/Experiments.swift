import DataUtils
import Engine
import Runner

/// The networks and the table of experiments.
public let newModelCatalog = ModelCatalog(
  folder: "_template", title: "Title of the Model",
  architectures: [
    Architecture("newModel", summary: "two layers with tanh between them") { configuration, random in
      let (inputs, width) = (try configuration.count("inputs"), try configuration.count("width"))
      let classes = try configuration.count("classes")
      try configuration.check(weights: inputs * width + width * classes)
      return NewModel(inputs: inputs, width: width, classes: classes, using: &random)
    }
  ],
  experiments: [
    experiment(
      "xor", .strength, "opposite corners, which no plane separates", epochs: 100,
      data: .generated("xor", noise: 0.1), plots: planePlots, band: .atLeast(0.99, of: .all)),
    experiment(
      "moons", .strength, "two half circles that reach into each other", epochs: 100,
      data: .generated("moons", noise: 0.1), plots: planePlots, band: .atLeast(0.99, of: .all)),
    experiment(
      "iris", .study, "three species by four measurements", epochs: 100, data: .iris(.all, features: "all"),
      plots: [.learningCurves, .confusionMatrix, .weights], band: .atLeast(0.95, of: .all)),
    experiment(
      "debug", .debug, "forty points, to see that all is well", epochs: 50,
      data: .generated("xor", samples: 40, noise: 0.1),
      plots: planePlots, band: .atLeast(0.95, of: .all)),
  ])

private let planePlots: [Experiment.Plot] = [.learningCurves, .decisionRegions, .confusionMatrix]

/// A row of the table: what all experiments here share.
private func experiment(
  _ name: String, _ purpose: Experiment.Purpose, _ summary: String, epochs: Int,
  data: DataPlan, plots: [Experiment.Plot], band: Band
) -> Experiment {
  Experiment(
    name, purpose: purpose, summary: summary, data: data,
    network: NetworkPlan("newModel") { settings, data in
      [
        "inputs": .integer(Int64(data.inputs)), "width": .integer(Int64(settings.count("width"))),
        "classes": .integer(Int64(data.classes)),
      ]
    },
    training: .sgd(.crossEntropy, momentum: 0.9), epochs: epochs, learningRate: 0.1, batchSize: 32,
    settings: [.whole("width", 16, in: 1...10_000, "hidden units")], plots: plots, band: band)
}
