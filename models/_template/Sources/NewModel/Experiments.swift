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
      data: generated("xor", 1000), plots: planePlots, band: .atLeast(0.99, of: .all)),
    experiment(
      "moons", .strength, "two half circles that reach into each other", epochs: 100,
      data: generated("moons", 1000), plots: planePlots, band: .atLeast(0.99, of: .all)),
    experiment(
      "iris", .study, "three species by four measurements", epochs: 100, data: iris,
      plots: [.learningCurves, .confusionMatrix, .weights], band: .atLeast(0.95, of: .all)),
    experiment(
      "debug", .debug, "forty points, to see that all is well", epochs: 50, data: generated("xor", 40),
      plots: planePlots, band: .atLeast(0.95, of: .all)),
  ])

private let planePlots: [Experiment.Plot] = [.learningCurves, .decisionRegions, .confusionMatrix]

/// A row of the table: what all experiments here share.
private func experiment(
  _ name: String, _ purpose: Experiment.Purpose, _ summary: String, epochs: Int,
  data: @escaping @Sendable (DataRequest) throws -> ExperimentData, plots: [Experiment.Plot], band: Band
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

/// Points that are made from the seed.
private func generated(_ name: String, _ samples: Int) -> @Sendable (DataRequest) throws -> ExperimentData {
  { ExperimentData(try DatasetRegistry.load(name, samples: samples, seed: $0.seed)) }
}

/// All three species, each measurement with mean 0 and deviation 1.
@Sendable private func iris(_ request: DataRequest) -> ExperimentData {
  let flowers = EmbeddedData.iris()
  return ExperimentData(DataSplits(trainingOnAll: flowers), .standardized(Standardizer(fitting: flowers)))
}
