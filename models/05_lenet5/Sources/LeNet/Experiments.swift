import Backbones
import DataUtils
import Engine
import Runner
import Utils

/// The two networks and the table of experiments.
public let leNetCatalog = ModelCatalog(
  folder: "05_lenet5", title: "LeNet-5 (LeCun, Bottou, Bengio and Haffner 1998)",
  architectures: [
    Architecture("lenet5", summary: "two convolutions, each followed by shrinking, and three layers") {
      configuration, random in
      let (channels, side) = (try configuration.count("channels"), try configuration.count("side"))
      let classes = try configuration.count("classes")
      let variant = try configuration.choice("variant", as: Variant.self)
      try check(side: side, classes: classes, variant)
      try configuration.check(weights: 150 * channels + 84 * classes)
      return variant == .modern
        ? LeNet(channels: channels, side: side, classes: classes, using: &random)
        : OriginalLeNet(channels: channels, side: side, using: &random)
    }
  ],
  experiments: [
    experiment(
      "mnist", aliases: ["mnist-classification"], .strength, "ten handwritten digits of 28 x 28 pixels",
      epochs: 5, data: .mnist(), band: .atLeast(0.989, of: .test),
      published: "99.05 % (LeCun et al. 1998, 20 epochs); 98.9 % (Raschka, Adam, 10 epochs)"),
    experiment(
      "fashion-mnist", .strength, "ten kinds of clothing", epochs: 5, data: .fashionMNIST,
      band: .atLeast(0.9, of: .test),
      published: "87.6 to 91.6 % for two convolutions (Fashion-MNIST's README)"),
    experiment(
      "digits", .strength, "1,797 digits of 8 x 8 pixels in a frame", epochs: 30, data: .digits(paddedTo: 28),
      batchSize: 32, band: .atLeast(0.97, of: .test)),
    experiment(
      "mnist-shifted", .study, "the test digits stand three pixels further right and down", epochs: 5,
      data: .mnist(testShift: 3), band: .atLeast(0.4, of: .test)),
    experiment(
      "cifar10", aliases: ["cifar10-challenge"], .weakness, "colour photographs, which six maps do not grasp",
      epochs: 10, data: .cifar10, band: .atMost(0.65, of: .test),
      published: "67.3 % with all 50,000 training images (Raschka, 10 epochs)"),
    experiment(
      "recipes", aliases: ["variant-study"], .study,
      "what was architecture, and what was recipe? on 10,000 of the digits", epochs: 5, data: .mnist(),
      study: Study(
        sweep: [("variant", ["modern", "1998"]), ("era", ["modern", "original"]), ("limit", ["10000"])],
        shown: ["test_accuracy", "test_loss"],
        metrics: [
          .difference(
            "gain_of_recipe", of: "test_accuracy", ["variant": "1998", "era": "modern"],
            minus: ["variant": "1998", "era": "original"])
        ]), band: .atLeast(0.96, of: .test)),
    experiment(
      "debug", aliases: ["quick-test"], .debug, "the small digits for a few seconds", epochs: 6,
      data: .digits(paddedTo: 28), batchSize: 32, band: .atLeast(0.9, of: .test)),
  ])

/// Whose network it is.
private enum Variant: String {
  case modern
  case original = "1998"
}

private func check(side: Int, classes: Int, _ variant: Variant) throws {
  guard side == 28 || side == 32 else {
    throw LabError(
      .config, "LeNet-5 sees images of 28 or 32 pixels a side, and these have \(side)",
      remedy: "bring the images to one of these sizes")
  }
  guard variant == .modern || classes == 10 else {
    throw LabError(
      .config, "the network of 1998 tells ten drawn digits apart, and these data have \(classes) classes",
      remedy: "choose variant=modern")
  }
}

/// A row of the table: what all experiments here share.
private func experiment(
  _ name: String, aliases: [String] = [], _ purpose: Experiment.Purpose, _ summary: String, epochs: Int,
  data: DataPlan, batchSize: Int = 64, study: Study? = nil, band: Band, published: String? = nil
) -> Experiment {
  Experiment(
    name, aliases: aliases, purpose: purpose, summary: summary, data: data.inTheScaleOfItsEra,
    network: network,
    training: .gradient(
      oneOf: [.crossEntropy, .maximumAPosteriori],
      GradientOptions {
        $0.optimizer = .adam
        $0.schedule = .onecycle
      }),
    epochs: epochs, learningRate: 0.003, batchSize: batchSize,
    settings: [
      .preset(
        "variant", "modern", of: ["modern": [:], "1998": ["loss": "map"]],
        "whose network: of today, or of the paper"),
      .era(original: originalRecipe),
    ],
    measured: [.test], monitor: "test_accuracy", plots: .images,
    study: study, band: band, published: published)
}

/// Section III: plain stochastic gradient descent, twenty passes, a rate that falls.
private let originalRecipe = [
  "optimizer": "sgd", "learning_rate": "0.01", "schedule": "milestones", "milestones": "2-5-8-12",
  "decay_factor": "0.4", "epochs": "20", "batch_size": "16",
]

/// The network that the settings describe.
private let network = NetworkPlan("lenet5") { settings, data in
  let shape = data.splits.train.sampleShape
  return [
    "channels": .integer(Int64(shape[0])), "side": .integer(Int64(shape[1])),
    "classes": .integer(Int64(data.classes)), "variant": .string(settings.string("variant")),
  ]
}
