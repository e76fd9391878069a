import DataUtils
import Engine
import Runner
import Utils

/// The multilayer perceptron and its table of experiments.
public let multilayerPerceptronCatalog = ModelCatalog(
  folder: "03_mlp", title: "Multilayer Perceptron (Rumelhart, Hinton and Williams 1986)",
  architectures: [
    Architecture("mlp", summary: "fully connected layers with an activation between them") {
      configuration, random in
      let inputs = try configuration.count("inputs"), classes = try configuration.count("classes")
      let hidden = try configuration.counts("hidden")
      let widths = [inputs] + hidden + [classes == 2 ? 1 : classes]
      try configuration.check(weights: zip(widths, widths.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 })
      return MultilayerPerceptron(
        inputs: inputs, hidden: hidden, classes: classes,
        activation: try configuration.choice("activation", as: Activation.self),
        start: try configuration.choice("start", as: Start.self), using: &random)
    }
  ],
  experiments: planeExperiments + tableExperiments + imageExperiments + studies)

/// Points of the plane: what a single unit cannot tell apart.
private let planeExperiments = [
  experiment(
    "xor", aliases: ["xor-breakthrough"], .strength, "opposite corners: two lines that work together",
    hidden: [8], epochs: 100, data: .generated("xor", noise: 0.1), band: .atLeast(1, of: .all),
    published: "solved by hidden units (Rumelhart, Hinton and Williams 1986)"),
  experiment(
    "moons", aliases: ["moons-classification"], .strength, "two half circles that reach into each other",
    hidden: [16, 8], epochs: 60, original: ["learning_rate": "1", "epochs": "300"],
    data: .generated("moons", noise: 0.1), band: .atLeast(0.98, of: .all)),
  experiment(
    "circles", aliases: ["circles-challenge"], .strength, "a ring around a disc", hidden: [8], epochs: 60,
    original: ["learning_rate": "1", "epochs": "300"],
    data: .generated("circles", noise: 0.05), band: .atLeast(0.98, of: .all)),
  experiment(
    "spirals", aliases: ["spirals-challenge"], .strength, "two arms wound into each other",
    hidden: [64, 32], activation: .relu, start: .heNormal, epochs: 200, learningRate: 0.01,
    data: .generated("spirals", noise: 0.02), band: .atLeast(0.95, of: .all)),
  byHand,
  experiment(
    "debug", aliases: ["quick-test"], .debug, "eighty points, to see that all is well", hidden: [8],
    epochs: 60, learningRate: 0.05, data: .generated("xor", samples: 80, noise: 0.1),
    band: .atLeast(0.95, of: .all)),
]

/// Flowers, wine and cells: tables of measurements.
private let tableExperiments = [
  experiment(
    "iris", .strength, "three species by four measurements", hidden: [16], epochs: 60,
    original: ["epochs": "200"],
    data: .iris(.all, features: "all"), classes: .many, plots: tablePlots, band: .atLeast(0.95, of: .all)),
  experiment(
    "iris-hard", aliases: ["iris-versicolor-virginica"], .strength,
    "versicolor against virginica, which no plane separates", hidden: [16], epochs: 100,
    data: .iris(.hard, features: "all"), plots: tablePlots, band: .atLeast(0.95, of: .all)),
  experiment(
    "wine", .strength, "three vineyards by thirteen measurements", hidden: [16], epochs: 30,
    data: .table { EmbeddedData.wine() }, classes: .many, plots: tablePlots, band: .atLeast(0.98, of: .all)),
  experiment(
    "breast-cancer", .strength, "thirty measurements of cell nuclei", hidden: [16], epochs: 30,
    data: .table { EmbeddedData.breastCancer() }, plots: tablePlots + [.roc], band: .atLeast(0.98, of: .all)),
]

/// Images, which a multilayer perceptron sees as a list of pixels.
private let imageExperiments = [
  experiment(
    "digits", .strength, "ten digits of 8 x 8 pixels", hidden: [64], activation: .relu, start: .heNormal,
    epochs: 30, original: ["learning_rate": "0.05", "epochs": "200"], data: .digits, classes: .many,
    measured: [.test], plots: imagePlots,
    band: .atLeast(0.96, of: .test)),
  experiment(
    "mnist", .strength, "ten digits of 28 x 28 pixels, 70,000 of them", hidden: [300, 100],
    activation: .relu, start: .heNormal, epochs: 6, learningRate: 0.003, batchSize: 128,
    original: small,
    data: .mnist(),
    classes: .many, measured: [.test], plots: imagePlots, band: .atLeast(0.975, of: .test),
    published:
      "95.3 % for 784-300-10 (LeCun et al. 1998); 97.5 % for an MLP of today (Raschka, SGD, 10 epochs)"),
  experiment(
    "fashion-mnist", .strength, "ten kinds of clothing", hidden: [300, 100], activation: .relu,
    start: .heNormal, epochs: 8, learningRate: 0.003, batchSize: 128,
    original: small,
    data: .fashionMNIST, classes: .many,
    measured: [.test], plots: imagePlots, band: .atLeast(0.88, of: .test),
    published: "88.3 % for an MLP 256-128-100 (Fashion-MNIST's README)"),
  experiment(
    "mnist-shifted", .weakness, "trained as mnist, tested on the same digits moved by 3 pixels",
    hidden: [300, 100], activation: .relu, start: .heNormal, epochs: 6, learningRate: 0.003, batchSize: 128,
    original: small, data: .mnist(testShift: 3), classes: .many, measured: [.test], plots: imagePlots,
    band: .atMost(0.4, of: .test), published: "from about 94 % to about 60 % (the curriculum's plan)"),
  experiment(
    "cifar10", .weakness, "colour photographs: what stands where is lost in a list of pixels",
    hidden: [512, 256], activation: .relu, start: .heNormal, epochs: 10, learningRate: 0.001,
    batchSize: 128,
    original: small,
    data: .cifar10, classes: .many, measured: [.test], plots: imagePlots,
    band: .atMost(0.58, of: .test), published: "40 to 50 %"),
]

/// The same network and the recipe of 1986, with the chain rule written out instead of the tape.
private let byHand = Experiment(
  "xor-by-hand", purpose: .study, summary: "backpropagation without a tape; --explain tells every number",
  data: .generated("xor", noise: 0.1), network: network,
  training: .rule(name: "backpropagation by hand") { network, settings in
    guard let network = network as? MultilayerPerceptron else {
      throw LabError(.model, "backpropagation was given another network", remedy: "choose an mlp")
    }
    return try Backpropagation(
      network, goal: Backpropagation.Goal(rawValue: settings.string("loss")) ?? .squaredError,
      learningRate: settings.double("learning_rate"), momentum: settings.double("momentum"))
  },
  epochs: 100, learningRate: 0.5, batchSize: 32,
  settings: settings([4], .sigmoid, .uniform) + [
    .choice(
      "loss", "squared_error", of: Backpropagation.Goal.allCases.map(\.rawValue), "what is to become small"),
    .number("momentum", 0.9, in: 0...0.999_999, "share of the last step that is kept"),
  ], plots: planePlots, band: .atLeast(0.99, of: .all),
  published: "solved by hidden units (Rumelhart, Hinton and Williams 1986)")

/// What the parts of the recipe do, on xor.
private let studies = [
  experiment(
    "xor-seeds", .strength, "the same network from twenty other beginnings", hidden: [8], epochs: 100,
    data: .generated("xor", noise: 0.1),
    study: Study(
      sweep: [], seeds: 20, shown: ["all_accuracy", "all_loss"],
      metrics: [.successRate("all_accuracy", atLeast: 1)]),
    band: .atLeast(1, "success_rate", of: .all)),
  experiment(
    "xor-1986", .study, "two logistic units and the recipe of 1986: how often it gets stuck", hidden: [2],
    activation: .sigmoid, start: .uniform, epochs: 1000, learningRate: 0.5, batchSize: nil,
    options: GradientOptions { $0.momentum = 0.9 }, goal: .squaredError,
    data: .generated("xor", samples: 100, noise: 0.1),
    study: Study(
      sweep: [], seeds: 20, shown: ["all_accuracy", "all_loss"],
      metrics: [.successRate("all_accuracy", atLeast: 0.99)]),
    band: .atMost(0.95, "success_rate", of: .all),
    published: "two failures in several hundred runs (Rumelhart, Hinton and Williams 1986, PDP chapter 8)"),
  experiment(
    "activation-study", .study, "what a hidden unit makes of its sum", hidden: [8], epochs: 50,
    data: .generated("xor", noise: 0.1),
    study: Study(
      sweep: [("activation", Activation.allCases.map(\.rawValue))], seeds: 5,
      shown: ["all_accuracy", "all_loss"]), band: .atLeast(0.9, of: .all)),
  experiment(
    "start-study", .study, "how the weights begin; with zeros no unit ever differs from another", hidden: [8],
    epochs: 50, data: .generated("xor", noise: 0.1),
    study: Study(
      sweep: [("start", Start.allCases.map(\.rawValue))], seeds: 5, shown: ["all_accuracy", "all_loss"],
      metrics: [
        .difference(
          "gain_over_zeros", of: "all_accuracy", ["start": "xavier_uniform"], minus: ["start": "zeros"])
      ]), band: .atLeast(0.2, "gain_over_zeros", of: .all)),
  experiment(
    "learning-rate-study", .study, "too small, right, too large; plain gradient descent", hidden: [8],
    epochs: 100, options: GradientOptions(), data: .generated("xor", noise: 0.1),
    study: Study(
      sweep: [("learning_rate", ["0.001", "0.01", "0.1", "0.5", "1", "10"])], seeds: 5,
      shown: ["all_accuracy", "all_loss"],
      metrics: [
        .difference(
          "gain_over_smallest", of: "all_accuracy", ["learning_rate": "0.5"],
          minus: ["learning_rate": "0.001"])
      ]), band: .atLeast(0.2, "gain_over_smallest", of: .all)),
  experiment(
    "architecture-study", aliases: ["architecture-comparison"], .study,
    "how many units, in how many layers", hidden: [8], activation: .relu, start: .heNormal, epochs: 100,
    learningRate: 0.01, data: .generated("spirals", noise: 0.02),
    study: Study(
      sweep: [("hidden", ["none", "8", "64", "8-8", "64-32", "64-32-16"])], seeds: 3,
      shown: ["all_accuracy", "all_loss"],
      metrics: [
        .difference("gain_of_layers", of: "all_accuracy", ["hidden": "64-32"], minus: ["hidden": "none"])
      ]), band: .atLeast(0.2, "gain_of_layers", of: .all)),
]

private let planePlots: [Experiment.Plot] = [
  .learningCurves, .decisionRegions, .hiddenUnits, .confusionMatrix,
]
private let tablePlots: [Experiment.Plot] = [.learningCurves, .confusionMatrix]
private let imagePlots: [Experiment.Plot] = [
  .learningCurves, .confusionMatrix, .worstMistakes, .hiddenUnits,
]

private let adam = GradientOptions {
  $0.optimizer = .adam
  $0.schedule = .cosine
}

/// One output for two classes, or one a class.
private enum Classes { case two, many }

/// A row of the table: what all experiments here share.
private func experiment(
  _ name: String, aliases: [String] = [], _ purpose: Experiment.Purpose, _ summary: String, hidden: [Int],
  activation: Activation = .tanh, start: Start = .xavierUniform, epochs: Int, learningRate: Double = 0.02,
  batchSize: Int? = 32, options: GradientOptions = adam, goal: Loss? = nil, original: [String: String] = [:],
  data: DataPlan, classes: Classes = .two,
  measured: [DataSplits.Part] = [], plots: [Experiment.Plot] = planePlots, study: Study? = nil,
  band: Band,
  published: String? = nil
) -> Experiment {
  let usual: Loss = classes == .two ? .binaryCrossEntropy : .crossEntropy
  let losses: [Loss] = goal == nil ? [usual, .squaredError] : [.squaredError, usual]
  return Experiment(
    name, aliases: aliases, purpose: purpose, summary: summary, data: data, network: network,
    training: .gradient(oneOf: losses, options),
    epochs: epochs, learningRate: learningRate, batchSize: batchSize,
    settings: settings(hidden, activation, start) + [era(original)], measured: measured,
    monitor: measured == [.test] ? "test_accuracy" : "train_accuracy", plots: plots, study: study,
    band: band, published: published)
}

/// The network that the settings describe.
private let network = NetworkPlan("mlp") { settings, data in
  [
    "inputs": .integer(Int64(data.inputs)), "classes": .integer(Int64(data.classes)),
    "hidden": .array(settings.widths("hidden").map { .integer(Int64($0)) }),
    "activation": .string(settings.string("activation")), "start": .string(settings.string("start")),
  ]
}

private func settings(_ hidden: [Int], _ activation: Activation, _ start: Start) -> [Setting] {
  [
    .widths("hidden", hidden, in: 1...10_000, "units of each hidden layer; none leaves a linear classifier"),
    .choice(
      "activation", activation.rawValue, of: Activation.allCases.map(\.rawValue),
      "what a hidden unit makes of its sum"),
    .choice("start", start.rawValue, of: Start.allCases.map(\.rawValue), "how the weights begin"),
  ]
}

/// What the recipe of 1986 needs on images: one hidden layer, and weights so small that no unit begins saturated.
private let small = ["learning_rate": "0.1", "batch_size": "32", "start": "normal", "hidden": "300"]

/// The recipe of 1986: logistic units, squared error, small random weights, plain steps with momentum.
///
/// - Parameter changes: what a row needs beside or instead of it.
private func era(_ changes: [String: String]) -> Setting {
  let recipe = [
    "activation": "sigmoid", "start": "uniform", "loss": "squared_error", "optimizer": "sgd",
    "momentum": "0.9", "schedule": "constant", "learning_rate": "0.5",
  ]
  return .era(original: recipe.merging(changes) { $1 })
}
