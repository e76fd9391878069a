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
