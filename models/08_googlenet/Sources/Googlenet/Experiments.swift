import Backbones
import DataUtils
import Engine
import Runner

/// The networks and the table of experiments.
public let googlenetCatalog = ModelCatalog(
  folder: "08_googlenet", title: "GoogLeNet (Szegedy and others 2014)", architectures: architectures,
  experiments: [
    experiment(
      "cifar10", .strength, "photographs: as well as VGG with a tenth of its parameters", data: .cifar10,
      learningRate: 0.005, with: ["width": "10", "auxiliary": "false"], augmentation: .cropAndFlip,
      band: .atLeast(0.56, of: .test)),
    experiment(
      "branches", .weakness, "one branch taken away from every block: which is needed?", data: .cifar10,
      epochs: 3, learningRate: 0.005, with: ["auxiliary": "false"], augmentation: .cropAndFlip,
      study: Study(
        sweep: [("branches", Branches.allCases.map(\.rawValue))], shown: ["test_accuracy", "train_loss"],
        metrics: [
          .difference("gain_of_5x5", of: "test_accuracy", ["branches": "all"], minus: ["branches": "no-5x5"])
        ]), band: .atMost(0.06, "gain_of_5x5", of: .test)),
    experiment(
      "half-way", .study, "what the classifiers half-way do, with batch normalisation and without",
      data: .cifar10, epochs: 3, learningRate: 0.005, augmentation: .cropAndFlip,
      study: Study(
        sweep: [("batch_norm", ["true", "false"]), ("auxiliary", ["true", "false"])],
        shown: ["test_accuracy", "train_loss"],
        metrics: [
          .difference(
            "plain_gain", of: "test_accuracy", ["batch_norm": "false", "auxiliary": "true"],
            minus: ["batch_norm": "false", "auxiliary": "false"])
        ]), band: .atLeast(-0.05, "plain_gain", of: .test)),
    experiment(
      "fashion-mnist", .strength, "ten kinds of clothing", data: .fashionMNIST, epochs: 1,
      with: ["width": "4"], band: .atLeast(0.82, of: .test)),
    experiment(
      "mnist", .strength, "ten digits of 28 x 28 pixels, 70,000 of them", data: .mnist(), epochs: 1,
      with: ["width": "4"], band: .atLeast(0.96, of: .test)),
    experiment(
      "debug", aliases: ["digits"], .debug, "ten digits of 8 x 8 pixels, to see that all is well",
      data: .digits, epochs: 4, learningRate: 0.006, batchSize: 32, with: ["width": "4"],
      band: .atLeast(0.8, of: .test)),
  ])

private let architectures = [
  Architecture("small-googlenet", summary: "GoogLeNet for pictures of 32 x 32") {
    configuration, random in
    let (inputs, classes) = (try configuration.count("inputs"), try configuration.count("classes"))
    let (width, batchNorm) = (try configuration.count("width"), try configuration.flag("batch_norm"))
    let dropout = Float(try configuration.number("dropout", in: 0...0.99) ?? 0)
    // Every unit of the first layer sees all inputs, every class half the channels of the last block or more.
    try configuration.check(weights: width * (9 * inputs + width + classes))
    return SmallGoogLeNet(
      inputs: inputs, classes: classes, width: width,
      branches: try configuration.choice("branches", as: Branches.self), batchNorm: batchNorm,
      auxiliary: try configuration.flag("auxiliary"), dropout: dropout, using: &random)
  },
  Architecture("googlenet", summary: "full size, for 3 x 224 x 224, torchvision's names") {
    configuration, random in
    let classes = try configuration.count("classes")
    try configuration.check(weights: 5_000_000 + 1024 * classes)
    return GoogLeNet(classes: classes, using: &random)
  },
]

/// What all experiments here share.
private let experiment = ImageExperiments(
  network: network,
  settings: [
    .whole("width", 8, in: 4...1000, "channels of the first convolution, 64 in the paper"),
    .choice("branches", "all", of: Branches.allCases.map(\.rawValue), "which branches a block has"),
    .flag("batch_norm", true, "batch normalisation after every convolution"),
    .flag("auxiliary", true, "two classifiers half-way that help in training"),
    .number("dropout", 0.2, in: 0...0.99, "share of the last numbers that a training step does without"),
  ],
  original: [
    "batch_norm": "false", "dropout": "0.4", "optimizer": "sgd", "momentum": "0.9",
    "weight_decay": "2e-4", "learning_rate": "0.01", "schedule": "exponential", "decay_factor": "0.96",
  ])

/// The network that the settings describe.
private let network = NetworkPlan("small-googlenet") { settings, data in
  [
    "inputs": .integer(Int64(data.splits.train.sampleShape[0])), "classes": .integer(Int64(data.classes)),
    "width": .integer(Int64(settings.count("width"))), "branches": .string(settings.string("branches")),
    "batch_norm": .bool(settings.bool("batch_norm")), "auxiliary": .bool(settings.bool("auxiliary")),
    "dropout": .number(settings.double("dropout")),
  ]
}
