import DataUtils
import Engine
import Runner
import Utils

/// The perceptron and its table of experiments.
public let perceptronCatalog = ModelCatalog(
  folder: "01_perceptron", title: "Perceptron (Rosenblatt 1957)",
  architectures: [
    Architecture("perceptron", summary: "threshold units on a weighted sum") { configuration, random in
      let (inputs, classes) = (try configuration.count("inputs"), try configuration.count("classes"))
      try configuration.check(weights: inputs * (classes == 2 ? 1 : classes))
      return try Perceptron(
        inputs: inputs, classes: classes,
        start: configuration.choice("start", as: Perceptron.Start.self), using: &random)
    }
  ],
  experiments: [
    experiment(
      "and", .strength, "one plane cuts the corner (1, 1) off", epochs: 50, noise: 0.05,
      data: generated("and"),
      band: .atLeast(1, of: .all), published: "100 %: the classes are separable (Novikoff 1962)"),
    experiment(
      "or", .strength, "one plane cuts the corner (0, 0) off", epochs: 50, noise: 0.05, data: generated("or"),
      band: .atLeast(1, of: .all), published: "100 %: the classes are separable (Novikoff 1962)"),
    experiment(
      "xor", aliases: ["xor-problem"], .weakness,
      "no plane separates opposite corners (Minsky and Papert 1969)",
      epochs: 1000, noise: 0.1, data: generated("xor"), band: .atMost(0.75, of: .all),
      published: "at most 75 %: three corners of four"),
    experiment(
      "iris-easy", aliases: ["iris-setosa-versicolor"], .strength, "setosa against versicolor: separable",
      epochs: 100, data: iris { try $0.selecting(classes: ["setosa", "versicolor"]) }, choices: [features],
      band: .atLeast(1, of: .all), published: "100 %: the classes are separable"),
    experiment(
      "iris-hard", aliases: ["iris-versicolor-virginica"], .weakness,
      "versicolor against virginica: not separable, the weights never settle, the pocket keeps the best",
      epochs: 100,
      data: iris { try $0.selecting(classes: ["versicolor", "virginica"]) }, choices: [features],
      band: .atLeast(0.9, "pocket_accuracy", of: .all),
      published: "no convergence: the classes are not separable"),
    experiment(
      "iris-binary", .strength, "setosa against the two others: separable", epochs: 100,
      data: iris { try $0.oneAgainstRest("setosa") }, choices: [features], band: .atLeast(0.98, of: .all),
      published: "100 %: the classes are separable"),
    experiment(
      "iris", .study, "three species, one unit for each against the rest", epochs: 100, data: iris { $0 },
      choices: [featuresAll], band: .atLeast(0.9, "pocket_accuracy", of: .all)),
    experiment(
      "linear-separable", aliases: ["debug-linear"], .strength,
      "points on two sides of a random line, none near it",
      epochs: 500, noise: 0, noiseHelp: "share of labels that are flipped",
      data: generated("linear-separable"),
      band: .atLeast(1, of: .all), published: "100 %: the classes are separable"),
    experiment(
      "moons", .weakness, "two half circles that reach into each other", epochs: 200, noise: 0.1,
      data: generated("moons"), band: .atMost(0.92, of: .all)),
    experiment(
      "circles", aliases: ["circles-dataset"], .weakness,
      "a ring around a disc: no line tells inside from outside",
      epochs: 200, noise: 0.05, data: generated("circles"), band: .atMost(0.7, of: .all)),
    experiment(
      "breast-cancer", aliases: ["breast-cancer-binary"], .strength,
      "thirty measurements of cell nuclei, almost separable", epochs: 200,
      data: standardized { EmbeddedData.breastCancer() },
      plots: [.learningCurves, .confusionMatrix, .weights, .roc],
      band: .atLeast(0.95, of: .all), published: "95 to 98 %"),
    experiment(
      "digits", .study, "ten digits of 8 x 8 pixels, one unit for each against the rest", epochs: 50,
      data: digits,
      measured: [.train, .test], plots: imagePlots, band: .atLeast(0.9, of: .test)),
    experiment(
      "mnist-0v1", aliases: ["mnist-subset"], .strength, "zeros and ones of MNIST, every image", epochs: 50,
      learningRate: 0.01, data: mnistZeroAgainstOne, measured: [.train, .test],
      plots: [.learningCurves, .confusionMatrix, .weights, .roc], band: .atLeast(0.998, of: .test),
      published: "99.94 % (jfransella, AI From Scratch To Scale, model 01)"),
    experiment(
      "mnist", .study, "ten digits, one unit for each against the rest", epochs: 5, learningRate: 0.01,
      batchSize: 1000,
      data: images("mnist", .mnist), measured: [.test],
      monitor: "test_accuracy", plots: imagePlots, band: .atLeast(0.8, of: .test),
      published: "88 % for a one-layer linear classifier (LeCun et al. 1998)"),
    experiment(
      "fashion-mnist", .study, "ten kinds of clothing, one unit for each against the rest", epochs: 5,
      learningRate: 0.01, batchSize: 1000,
      data: images("fashion-mnist", .fashionMNIST), measured: [.test],
      monitor: "test_accuracy", plots: imagePlots, band: .atLeast(0.7, of: .test)),
    experiment(
      "debug", aliases: ["debug-small"], .debug, "twenty points, to see that all is well", epochs: 20,
      samples: 20,
      noise: 0, noiseHelp: "share of labels that are flipped", data: generated("linear-separable"),
      band: .atLeast(1, of: .all)),
  ])

private let imagePlots: [Experiment.Plot] = [.learningCurves, .confusionMatrix, .weights]

/// A row of the table: what all perceptron experiments share.
private func experiment(
  _ name: String, aliases: [String] = [], _ purpose: Experiment.Purpose, _ summary: String, epochs: Int,
  learningRate: Double = 0.1, batchSize: Int? = nil, samples: Int? = nil, noise: Double? = nil,
  noiseHelp: String = "standard deviation of the noise on both features",
  data: @escaping @Sendable (DataRequest) throws -> ExperimentData, choices: [Setting] = [],
  measured: [DataSplits.Part] = [.train], monitor: String = "train_accuracy",
  plots: [Experiment.Plot] = [.learningCurves, .decisionRegions, .confusionMatrix], band: Band,
  published: String? = nil
) -> Experiment {
  var settings = choices
  settings.append(
    .choice("start", "zeros", of: Perceptron.Start.allCases.map(\.rawValue), "how the weights begin"))
  if let noise {
    settings.append(.whole("samples", samples ?? 1000, in: 4...1_000_000, "points to generate"))
    settings.append(.number("noise", noise, in: 0...1, noiseHelp))
  }
  return Experiment(
    name, aliases: aliases, purpose: purpose, summary: summary, data: data,
    network: NetworkPlan("perceptron") { settings, data in
      [
        "inputs": .integer(Int64(data.inputs)), "classes": .integer(Int64(data.classes)),
        "start": .string(settings.string("start")),
      ]
    },
    training: .rule(name: "the perceptron rule") { network, settings in
      guard let perceptron = network as? Perceptron else {
        throw LabError(.model, "the perceptron rule was given another network", remedy: "choose a perceptron")
      }
      return PerceptronRule(perceptron, learningRate: settings.double("learning_rate"))
    },
    epochs: epochs, learningRate: learningRate, batchSize: batchSize, settings: settings, measured: measured,
    monitor: monitor, plots: plots, band: band, published: published)
}

private let features = Setting.choice(
  "features", "petal", of: ["petal", "all"], "the two petal measurements, or all four")
private let featuresAll = Setting.choice(
  "features", "all", of: ["petal", "all"], "the two petal measurements, or all four")

private func generated(_ name: String) -> @Sendable (DataRequest) throws -> ExperimentData {
  { request in
    ExperimentData(
      try DatasetRegistry.load(
        name, samples: request.settings.count("samples"), noise: request.settings.double("noise"),
        seed: request.seed))
  }
}

private func standardized(_ load: @escaping @Sendable () throws -> Dataset)
  -> @Sendable (DataRequest) throws -> ExperimentData
{
  { _ in
    let dataset = try load()
    return ExperimentData(DataSplits(trainingOnAll: dataset), .standardized(Standardizer(fitting: dataset)))
  }
}

/// Iris with some of its classes; `features=all` for all four measurements.
private func iris(_ choose: @escaping @Sendable (Dataset) throws -> Dataset)
  -> @Sendable (DataRequest) throws -> ExperimentData
{
  { request in
    var dataset = try choose(EmbeddedData.iris())
    if request.settings.string("features") == "petal" {
      dataset = try dataset.selecting(features: dataset.featureNames.filter { $0.hasPrefix("petal") })
    }
    return ExperimentData(DataSplits(trainingOnAll: dataset), .standardized(Standardizer(fitting: dataset)))
  }
}

@Sendable private func digits(_ request: DataRequest) throws -> ExperimentData {
  ExperimentData(EmbeddedData.digits().stratifiedSplit(test: 0.2, seed: request.seed))
}

@Sendable private func mnistZeroAgainstOne(_ request: DataRequest) throws -> ExperimentData {
  let splits = try DatasetRegistry.load("mnist", folder: request.folder).mapParts {
    try $0.selecting(classes: ["0", "1"])
  }
  return ExperimentData(splits, .normalized(.mnist))
}

private func images(_ name: String, _ normalization: Normalization)
  -> @Sendable (DataRequest) throws -> ExperimentData
{
  { ExperimentData(try DatasetRegistry.load(name, folder: $0.folder), .normalized(normalization)) }
}
