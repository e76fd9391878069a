import Backbones
import DataUtils
import Engine
import Runner

/// The networks and the table of experiments.
public let alexnetCatalog = ModelCatalog(
  folder: "06_alexnet", title: "AlexNet (Krizhevsky, Sutskever and Hinton 2012)",
  architectures: architectures,
  experiments: [
    experiment(
      "cifar10", .strength, "photographs: ten kinds of animals and vehicles", data: .cifar10,
      original: light, augmentation: .cropAndFlip, band: .atLeast(0.5, of: .test), published: published),
    experiment(
      "against-lenet", .strength, "what AlexNet's layers add to LeNet's, recipe and epochs being equal",
      data: .cifar10, original: light, augmentation: .cropAndFlip,
      study: Study(
        sweep: [("network", ["alexnet", "lenet"])], seeds: 3, shown: ["test_accuracy", "train_loss"],
        metrics: [
          .difference("gain", of: "test_accuracy", ["network": "alexnet"], minus: ["network": "lenet"])
        ]), band: .atLeast(0.05, "gain", of: .test)),
    experiment(
      "ablation", .weakness, "one thing taken away at a time: no rule says what is needed", data: .cifar10,
      epochs: 4, with: ["width": "8"], original: light, augmentation: .cropAndFlip,
      study: Study(
        sweep: [("without", ["nothing", "relu", "norm", "dropout", "augmentation"])],
        shown: ["test_accuracy", "train_loss"],
        metrics: ["norm", "relu", "dropout", "augmentation"].map {
          .difference("\($0)_gain", of: "test_accuracy", ["without": "nothing"], minus: ["without": $0])
        }), band: .atMost(0, "augmentation_gain", of: .test)),
    experiment(
      "fashion-mnist", .strength, "ten kinds of clothing", data: .fashionMNIST, epochs: 1,
      with: ["width": "8"], band: .atLeast(0.85, of: .test)),
    experiment(
      "mnist", .strength, "ten digits of 28 x 28 pixels, 70,000 of them", data: .mnist(), epochs: 1,
      with: ["width": "8"], band: .atLeast(0.97, of: .test)),
    experiment(
      "debug", aliases: ["digits"], .debug, "ten digits of 8 x 8 pixels, to see that all is well",
      data: .digits, epochs: 4, batchSize: 32, with: ["width": "8"], band: .atLeast(0.8, of: .test)),
  ])

private let published =
  "72.1 % by the full-size network in 10 epochs over all 50,000 images (Raschka, deeplearning-models)"

private let architectures = [
  Architecture("small-alexnet", summary: "AlexNet for pictures of 32 x 32, or LeNet to compare it with") {
    configuration, random in
    let (inputs, classes) = (try configuration.count("inputs"), try configuration.count("classes"))
    if try configuration.choice("network", as: Network.self) == .lenet {
      try configuration.check(weights: 150 * inputs + 84 * classes)
      return LeNet(channels: inputs, side: 32, classes: classes, using: &random)
    }
    let width = try configuration.count("width")
    try configuration.check(weights: width * (25 * inputs + 1_123 * width + 16 * classes))
    return SmallAlexNet(
      inputs: inputs, classes: classes, width: width,
      activation: try configuration.choice("activation", as: Activation.self),
      norm: try configuration.choice("norm", as: Norm.self),
      dropout: Float(try configuration.number("dropout", in: 0...0.99) ?? 0),
      start: try configuration.choice("start", as: Start.self), using: &random)
  },
  Architecture("alexnet", summary: "full size, for 3 x 224 x 224, torchvision's names") {
    configuration, random in
    let classes = try configuration.count("classes")
    try configuration.check(weights: 57_000_000 + 4096 * classes)
    return AlexNet(classes: classes, using: &random)
  },
]

/// What is trained.
private enum Network: String, CaseIterable { case alexnet, lenet }

/// What all experiments here share.
private let experiment = ImageExperiments(
  network: network,
  settings: [
    .choice("network", "alexnet", of: Network.allCases.map(\.rawValue), "what is trained"),
    .whole("width", 16, in: 1...1000, "channels of the first convolution"),
    .choice("activation", "relu", of: Activation.allCases.map(\.rawValue), "what a unit makes of its sum"),
    .choice("norm", "batch", of: Norm.allCases.map(\.rawValue), "what follows a convolution"),
    .number("dropout", 0.2, in: 0...0.99, "share of hidden units that a training step does without"),
    .choice("start", "he", of: Start.allCases.map(\.rawValue), "how the weights begin"),
  ], original: original,
  overruling: [.preset("without", "nothing", of: without, "what is taken away")])

/// The recipe of 2012, §5: weights of deviation 0.01, a rate of 0.01 that is divided by ten when nothing gets better: here
/// after four epochs.
private let original = [
  "norm": "response", "dropout": "0.5", "start": "paper", "optimizer": "sgd", "momentum": "0.9",
  "weight_decay": "5e-4", "learning_rate": "0.01", "schedule": "step", "decay_every": "4",
]

/// What the paper does to photographs besides: the light of each is changed.
private let light = ["lighting": "0.1"]

/// What an ablation takes away.
private let without = [
  "nothing": [:], "relu": ["activation": "tanh"], "norm": ["norm": "none"], "dropout": ["dropout": "0"],
  "augmentation": ["crop_padding": "0", "flip": "false"],
]

/// The network that the settings describe.
private let network = NetworkPlan("small-alexnet") { settings, data in
  [
    "network": .string(settings.string("network")),
    "inputs": .integer(Int64(data.splits.train.sampleShape[0])), "classes": .integer(Int64(data.classes)),
    "width": .integer(Int64(settings.count("width"))), "activation": .string(settings.string("activation")),
    "norm": .string(settings.string("norm")), "dropout": .number(settings.double("dropout")),
    "start": .string(settings.string("start")),
  ]
}
