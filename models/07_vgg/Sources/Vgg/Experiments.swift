import Backbones
import DataUtils
import Engine
import Runner

/// The networks and the table of experiments.
public let vggCatalog = ModelCatalog(
  folder: "07_vgg", title: "VGG (Simonyan and Zisserman 2014)", architectures: architectures,
  experiments: [
    experiment(
      "cifar10", .strength, "photographs: ten kinds of animals and vehicles", data: .cifar10,
      augmentation: .cropAndFlip,
      band: .atLeast(0.5, of: .test),
      published:
        "76.3 % by the full-size VGG-16 in 10 epochs over all 50,000 images (Raschka, deeplearning-models)"),
    experiment(
      "depth", .strength, "does depth help, and how far? with batch normalisation and without",
      data: .cifar10, with: ["width": "8"], augmentation: .cropAndFlip,
      study: Study(
        sweep: [("batch_norm", ["true", "false"]), ("depth", Depth.allCases.map(\.rawValue))],
        shown: ["test_accuracy", "train_loss"],
        metrics: [
          .difference(
            "plain_gain", of: "test_accuracy", ["batch_norm": "false", "depth": "vgg19"],
            minus: ["batch_norm": "false", "depth": "vgg11"])
        ]), band: .atMost(0, "plain_gain", of: .test)),
    experiment(
      "cost", .weakness, "four times the parameters and the multiply-adds, for how many points?",
      data: .cifar10, augmentation: .cropAndFlip,
      study: Study(
        sweep: [("width", ["4", "8", "16"])], shown: ["test_accuracy", "train_loss"],
        metrics: [.difference("gain", of: "test_accuracy", ["width": "16"], minus: ["width": "8"])]),
      band: .atMost(0.12, "gain", of: .test)),
    experiment(
      "fashion-mnist", .strength, "ten kinds of clothing", data: .fashionMNIST, epochs: 1,
      with: ["width": "8"], band: .atLeast(0.85, of: .test)),
    experiment(
      "mnist", .strength, "ten digits of 28 x 28 pixels, 70,000 of them", data: .mnist(), epochs: 1,
      with: ["width": "8"], band: .atLeast(0.97, of: .test)),
    experiment(
      "debug", aliases: ["digits"], .debug, "ten digits of 8 x 8 pixels, to see that all is well",
      data: .digits, epochs: 4, batchSize: 32, with: ["width": "4"], band: .atLeast(0.8, of: .test)),
  ])

private let architectures =
  [
    Architecture("small-vgg", summary: "VGG for pictures of 32 x 32") { configuration, random in
      let (inputs, classes) = (try configuration.count("inputs"), try configuration.count("classes"))
      let width = try configuration.count("width")
      let depth = try configuration.choice("depth", as: Depth.self).backbone
      try configuration.check(
        weights: SmallVGG.weightCount(depth, inputs: inputs, classes: classes, width: width))
      return SmallVGG(
        depth, inputs: inputs, classes: classes, width: width,
        batchNorm: try configuration.flag("batch_norm"),
        dropout: Float(try configuration.number("dropout", in: 0...0.99) ?? 0), using: &random)
    }
  ]
  + Depth.allCases.flatMap { depth in
    [false, true].map { batchNorm in
      Architecture(
        depth.rawValue + (batchNorm ? "_bn" : ""),
        summary: "full size, for 3 x 224 x 224, torchvision's names"
      ) { configuration, random in
        let classes = try configuration.count("classes")
        try configuration.check(weights: 100_000_000)
        return VGG(depth.backbone, classes: classes, batchNorm: batchNorm, using: &random)
      }
    }
  }

/// A row of the paper's table 1, as torchvision calls it.
enum Depth: String, CaseIterable {
  case vgg11, vgg13, vgg16, vgg19

  var backbone: VGG.Depth {
    switch self {
    case .vgg11: .vgg11
    case .vgg13: .vgg13
    case .vgg16: .vgg16
    case .vgg19: .vgg19
    }
  }
}

/// What all experiments here share.
private let experiment = ImageExperiments(
  network: network,
  settings: [
    .choice("depth", "vgg11", of: Depth.allCases.map(\.rawValue), "layers with weights, of table 1"),
    .whole("width", 16, in: 1...1000, "channels of the first stage, 64 in the paper"),
    .flag("batch_norm", true, "batch normalisation after every convolution"),
    .number("dropout", 0.2, in: 0...0.99, "share of hidden units that a training step does without"),
  ],
  original: [
    "batch_norm": "false", "dropout": "0.5", "optimizer": "sgd", "momentum": "0.9",
    "weight_decay": "5e-4", "learning_rate": "0.01", "schedule": "step", "decay_every": "4",
  ])

/// The network that the settings describe.
private let network = NetworkPlan("small-vgg") { settings, data in
  [
    "inputs": .integer(Int64(data.splits.train.sampleShape[0])), "classes": .integer(Int64(data.classes)),
    "depth": .string(settings.string("depth")), "width": .integer(Int64(settings.count("width"))),
    "batch_norm": .bool(settings.bool("batch_norm")), "dropout": .number(settings.double("dropout")),
  ]
}
