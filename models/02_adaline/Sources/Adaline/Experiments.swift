import DataUtils
import Engine
import Runner
import Utils

/// ADALINE and its table of experiments.
public let adalineCatalog = ModelCatalog(
  folder: "02_adaline", title: "ADALINE (Widrow and Hoff 1960)",
  architectures: [
    Architecture("adaline", summary: "linear units, asked whether their output is above 1/2") {
      configuration, random in
      let (inputs, classes) = (try configuration.count("inputs"), try configuration.count("classes"))
      try configuration.check(weights: inputs * (classes == 2 ? 1 : classes))
      return Adaline(inputs: inputs, classes: classes, using: &random)
    }
  ],
  experiments: [
    experiment(
      "iris-easy", aliases: ["iris-setosa-versicolor", "iris-strength-demo"], .strength,
      "setosa against versicolor: far apart, and each class in a heap", epochs: 300, learningRate: 0.001,
      data: .iris(.easy), band: .atLeast(0.99, of: .all)),
    experiment(
      "mnist-0v1", aliases: ["mnist-subset", "mnist-strength-demo"], .strength,
      "zeros and ones of MNIST, every image", epochs: 100, learningRate: 0.0001,
      batch: Descent(rate: 0.005, epochs: 50, size: 100), data: .mnist(classes: ["0", "1"]),
      measured: [.train, .test],
      plots: [.learningCurves, .confusionMatrix, .weights, .roc], band: .atLeast(0.99, of: .test)),
    experiment(
      "noisy-linear", aliases: ["noisy-linear-demo"], .strength,
      "15 % of the labels are flipped: 85 % is the best that a line can do", epochs: 300,
      learningRate: 0.005,
      data: .generated("linear-separable", samples: 500, noise: 0.15, noiseHelp: flipped),
      band: .atLeast(0.8, of: .all)),
    experiment(
      "linear-separable", aliases: ["debug-linear", "linear-2d-demo", "perceptron-comparison"], .strength,
      "points on two sides of a line: near it some stay wrong, for it is the error that is made small",
      epochs: 200, data: .generated("linear-separable", noise: 0, noiseHelp: flipped),
      band: .atLeast(0.95, of: .all)),
    experiment(
      "xor", aliases: ["xor-problem", "xor-limitation"], .weakness,
      "the best linear answer to opposite corners is 1/2 everywhere", epochs: 500,
      data: .generated("xor", noise: 0.1), band: .atMost(0.75, of: .all),
      published: "at most 75 %: three corners of four"),
    experiment(
      "iris-hard", aliases: ["iris-versicolor-virginica", "iris-weakness-demo"], .weakness,
      "versicolor against virginica: no line separates them, but the weights settle", epochs: 500,
      data: .iris(.hard), band: .atMost(0.99, of: .all)),
    experiment(
      "moons", .weakness, "two half circles that reach into each other", epochs: 100,
      data: .generated("moons", noise: 0.1), band: .atMost(0.92, of: .all)),
    experiment(
      "circles", aliases: ["circles-dataset"], .weakness,
      "a ring around a disc: no line tells inside from outside", epochs: 100,
      data: .generated("circles", noise: 0.05), band: .atMost(0.7, of: .all)),
    experiment(
      "iris", .weakness,
      "three species, one unit for each: versicolor lies between the others, and a line cannot cut it out",
      epochs: 300, data: .iris(.all, features: "all"), plots: [.learningCurves, .confusionMatrix, .weights],
      band: .atMost(0.9, of: .all)),
    experiment(
      "digits", .study, "ten digits of 8 x 8 pixels, one unit for each", epochs: 50,
      batch: Descent(rate: 0.05, epochs: 1000), data: .digits,
      measured: [.train, .test], plots: imagePlots, band: .atLeast(0.9, of: .test)),
    experiment(
      "mnist", .study, "ten digits, one unit for each", epochs: 5, learningRate: 0.0003,
      batch: Descent(rate: 0.006, epochs: 20, size: 100), data: .mnist(), measured: [.test],
      monitor: "test_accuracy",
      plots: imagePlots, band: .atLeast(0.82, of: .test),
      published: "88 % for a one-layer linear classifier (LeCun et al. 1998)"),
    experiment(
      "fashion-mnist", .study, "ten kinds of clothing, one unit for each", epochs: 5, learningRate: 0.0003,
      batch: Descent(rate: 0.005, epochs: 20, size: 100), data: .fashionMNIST, measured: [.test],
      monitor: "test_accuracy", plots: imagePlots, band: .atLeast(0.75, of: .test)),
    experiment(
      "simple-linear", aliases: ["delta-rule-demo"], .study,
      "the delta rule to watch: where does the line go, and why does it go on moving?", epochs: 100,
      data: .generated("linear-separable", samples: 200, noise: 0.05, noiseHelp: flipped),
      band: .atLeast(0.9, of: .all)),
    experiment(
      "convergence-study", .study,
      "how near do small steps come to the least error, and how fast? method=sample, batch, exact",
      epochs: 500, learningRate: 0.005,
      data: .generated("linear-separable", samples: 500, noise: 0.15, noiseHelp: flipped),
      metrics: [excessError], band: .atMost(0.002, "excess_mse", of: .all),
      published: "excess of about rate (|x|² + 1) / 2 times the least error (Widrow and Hoff 1960)"),
    experiment(
      "debug", aliases: ["debug-small"], .debug, "a hundred points, to see that all is well", epochs: 50,
      data: .generated("linear-separable", samples: 100, noise: 0.01, noiseHelp: flipped),
      band: .atLeast(0.9, of: .all)),
  ])

private let imagePlots: [Experiment.Plot] = [.learningCurves, .confusionMatrix, .weights]
private let planePlots: [Experiment.Plot] = [
  .learningCurves, .decisionRegions, .confusionMatrix, .errorSurface, .methods,
]
private let flipped = "share of labels that are flipped"

/// The rate and the epochs of gradient descent on whole batches, where they are not the delta rule's.
struct Descent {
  var rate = 0.5
  var epochs = 200
  var size: Int?
}

/// A row of the table: what all experiments of ADALINE share.
private func experiment(
  _ name: String, aliases: [String] = [], _ purpose: Experiment.Purpose, _ summary: String, epochs: Int,
  learningRate: Double = 0.01, batch: Descent = Descent(), data: DataPlan,
  measured: [DataSplits.Part] = [.train], monitor: String = "train_accuracy", metrics: [ExtraMetric] = [],
  plots: [Experiment.Plot] = planePlots, band: Band, published: String? = nil
) -> Experiment {
  let methods = [
    "sample": [:], "exact": ["epochs": "1"],
    "batch": [
      "learning_rate": "\(batch.rate)", "epochs": "\(batch.epochs)",
      "batch_size": batch.size.map(String.init) ?? "none",
    ],
  ]
  return Experiment(
    name, aliases: aliases, purpose: purpose, summary: summary, data: data,
    network: NetworkPlan("adaline") { _, data in
      ["inputs": .integer(Int64(data.inputs)), "classes": .integer(Int64(data.classes))]
    },
    training: .rule(name: "least squares: sample by sample, by batches, or exactly") { network, settings in
      guard let adaline = network as? Adaline, let method = Method(rawValue: settings.string("method")) else {
        throw LabError(.model, "the delta rule was given another network", remedy: "choose an adaline")
      }
      return method.rule(for: adaline, learningRate: settings.double("learning_rate"))
    },
    epochs: epochs, learningRate: learningRate,
    settings: [
      .preset(
        "era", "original", of: ["original": [:], "modern": ["method": "exact"]],
        "the delta rule of 1960, or linear algebra"),
      .preset("method", "sample", of: methods, "how the weights are found"),
    ],
    measured: measured, monitor: monitor, metrics: metrics, plots: plots, band: band, published: published)
}

/// How much larger the mean squared error is than the least that any weights have on these samples.
private let excessError = ExtraMetric("excess_mse") { subject in
  guard let adaline = subject.network as? Adaline else { return nil }
  let samples = Loader(
    try subject.data.splits.part(subject.part), preprocessing: subject.data.preprocessing, prefetchThreads: 0)
  var batches = samples.batches(epoch: 1)
  guard let batch = try batches.next() else { return nil }
  var random = RandomStream(seed: 0)
  let best = Adaline(inputs: subject.data.inputs, classes: subject.data.classes, using: &random)
  let least = try ExactSolution(best).step(batch).means["mse"] ?? .nan
  return Double(squaredError(adaline.output(batch.inputs), adaline.targets(batch.labels)).scalar) - least
}
