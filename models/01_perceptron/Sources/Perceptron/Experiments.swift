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
      "and", .strength, "one plane cuts the corner (1, 1) off", epochs: 50,
      data: .generated("and", noise: 0.05),
      band: .atLeast(1, of: .all), published: "100 %: the classes are separable (Novikoff 1962)"),
    experiment(
      "or", .strength, "one plane cuts the corner (0, 0) off", epochs: 50,
      data: .generated("or", noise: 0.05),
      band: .atLeast(1, of: .all), published: "100 %: the classes are separable (Novikoff 1962)"),
    experiment(
      "xor", aliases: ["xor-problem"], .weakness,
      "no plane separates opposite corners (Minsky and Papert 1969)",
      epochs: 1000, data: .generated("xor", noise: 0.1), band: .atMost(0.75, of: .all),
      published: "at most 75 %: three corners of four"),
    experiment(
      "iris-easy", aliases: ["iris-setosa-versicolor"], .strength, "setosa against versicolor: separable",
      epochs: 100, data: .iris(.easy),
      band: .atLeast(1, of: .all), published: "100 %: the classes are separable"),
    experiment(
      "iris-hard", aliases: ["iris-versicolor-virginica"], .weakness,
      "versicolor against virginica: not separable, the weights never settle, the pocket keeps the best",
      epochs: 100,
      data: .iris(.hard),
      band: .atLeast(0.9, "pocket_accuracy", of: .all),
      published: "no convergence: the classes are not separable"),
    experiment(
      "iris-binary", .strength, "setosa against the two others: separable", epochs: 100,
      data: .iris(.setosaAgainstRest),
      band: .atLeast(0.98, of: .all),
      published: "100 %: the classes are separable"),
    experiment(
      "iris", .study, "three species, one unit for each against the rest", epochs: 100,
      data: .iris(.all, features: "all"), band: .atLeast(0.9, "pocket_accuracy", of: .all)),
    experiment(
      "linear-separable", aliases: ["debug-linear"], .strength,
      "points on two sides of a random line, none near it",
      epochs: 500, data: .generated("linear-separable", noise: 0, noiseHelp: flipped),
      band: .atLeast(1, of: .all), published: "100 %: the classes are separable"),
    experiment(
      "moons", .weakness, "two half circles that reach into each other", epochs: 200,
      data: .generated("moons", noise: 0.1), band: .atMost(0.92, of: .all)),
    experiment(
      "circles", aliases: ["circles-dataset"], .weakness,
      "a ring around a disc: no line tells inside from outside",
      epochs: 200, data: .generated("circles", noise: 0.05), band: .atMost(0.7, of: .all)),
    experiment(
      "breast-cancer", aliases: ["breast-cancer-binary"], .strength,
      "thirty measurements of cell nuclei, almost separable", epochs: 200,
      data: .table { EmbeddedData.breastCancer() },
      plots: [.learningCurves, .confusionMatrix, .weights, .roc],
      band: .atLeast(0.95, of: .all), published: "95 to 98 %"),
    experiment(
      "digits", .study, "ten digits of 8 x 8 pixels, one unit for each against the rest", epochs: 50,
      data: .digits,
      measured: [.train, .test], plots: imagePlots, band: .atLeast(0.9, of: .test)),
    experiment(
      "mnist-0v1", aliases: ["mnist-subset"], .strength, "zeros and ones of MNIST, every image", epochs: 50,
      learningRate: 0.01, data: .mnist(classes: ["0", "1"]), measured: [.train, .test],
      plots: [.learningCurves, .confusionMatrix, .weights, .roc], band: .atLeast(0.998, of: .test),
      published: "99.94 % (jfransella, AI From Scratch To Scale, model 01)"),
    experiment(
      "mnist", .study, "ten digits, one unit for each against the rest", epochs: 5, learningRate: 0.01,
      batchSize: 1000,
      data: .mnist(), measured: [.test],
      monitor: "test_accuracy", plots: imagePlots, band: .atLeast(0.8, of: .test),
      published: "88 % for a one-layer linear classifier (LeCun et al. 1998)"),
    experiment(
      "fashion-mnist", .study, "ten kinds of clothing, one unit for each against the rest", epochs: 5,
      learningRate: 0.01, batchSize: 1000,
      data: .fashionMNIST, measured: [.test],
      monitor: "test_accuracy", plots: imagePlots, band: .atLeast(0.7, of: .test)),
    experiment(
      "debug", aliases: ["debug-small"], .debug, "twenty points, to see that all is well", epochs: 20,
      data: .generated("linear-separable", samples: 20, noise: 0, noiseHelp: flipped),
      band: .atLeast(1, of: .all)),
  ])

private let flipped = "share of labels that are flipped"
private let imagePlots: [Experiment.Plot] = [.learningCurves, .confusionMatrix, .weights]

/// A row of the table: what all perceptron experiments share.
private func experiment(
  _ name: String, aliases: [String] = [], _ purpose: Experiment.Purpose, _ summary: String, epochs: Int,
  learningRate: Double = 0.1, batchSize: Int? = nil,
  data: DataPlan,
  measured: [DataSplits.Part] = [.train], monitor: String = "train_accuracy",
  plots: [Experiment.Plot] = [.learningCurves, .decisionRegions, .confusionMatrix], band: Band,
  published: String? = nil
) -> Experiment {
  Experiment(
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
    epochs: epochs, learningRate: learningRate, batchSize: batchSize,
    settings: [
      .choice("start", "zeros", of: Perceptron.Start.allCases.map(\.rawValue), "how the weights begin")
    ], measured: measured,
    monitor: monitor, plots: plots, band: band, published: published)
}
