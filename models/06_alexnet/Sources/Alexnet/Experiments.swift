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
      "cifar10", .strength, "ten kinds of animals and vehicles in colour", epochs: 10, data: .cifar10,
      plots: imagePlots, band: .atLeast(0.5, of: .test)),
    experiment(
      "cifar10-lenet", .study, "LeNet with the same recipe: what AlexNet has to beat", epochs: 10,
      data: .cifar10, network: lenet, plots: imagePlots, band: .atLeast(0.3, of: .test)),
    experiment(
      "debug", .debug, "some digits, to see that all is well", epochs: 3, width: 8, data: SharedData.digits,
      plots: imagePlots, band: .atLeast(0.8, of: .test)),
  ])

private let architectures = [
  Architecture("small-alexnet", summary: "AlexNet for pictures of 32 x 32") { configuration, random in
    let (inputs, classes) = (try configuration.count("inputs"), try configuration.count("classes"))
    let width = try configuration.count("width")
    try configuration.check(weights: width * (25 * inputs + 1_123 * width + 16 * classes))
    return SmallAlexNet(
      inputs: inputs, classes: classes, width: width,
      activation: try configuration.choice("activation", as: Activation.self),
      norm: try configuration.choice("norm", as: Norm.self),
      dropout: Float(try configuration.number("dropout", in: 0...0.99)),
      start: try configuration.choice("start", as: Start.self), using: &random)
  },
  Architecture("lenet", summary: "LeNet-5 for comparison") { configuration, random in
    let (inputs, classes) = (try configuration.count("inputs"), try configuration.count("classes"))
    try configuration.check(weights: 150 * inputs + 84 * classes)
    return LeNet(inputs: inputs, classes: classes, using: &random)
  },
  Architecture("alexnet", summary: "full size, for 3 x 224 x 224, torchvision's names") { configuration, random in
    let classes = try configuration.count("classes")
    try configuration.check(weights: 4096 * classes)
    return AlexNet(classes: classes, using: &random)
  },
]

private let imagePlots: [Experiment.Plot] = [.learningCurves, .confusionMatrix]

private func experiment(
  _ name: String, _ purpose: Experiment.Purpose, _ summary: String, epochs: Int, width: Int = 16,
  data: DataPlan, network: NetworkPlan = small, plots: [Experiment.Plot], band: Band, published: String? = nil
) -> Experiment {
  Experiment(
    name, purpose: purpose, summary: summary, data: data, network: network,
    training: .gradient(
      .crossEntropy,
      GradientOptions {
        $0.optimizer = .sgd
        $0.momentum = 0.9
        $0.weightDecay = 5e-4
        $0.schedule = .onecycle
      }), epochs: epochs, learningRate: 0.05, batchSize: 64,
    settings: [
      .whole("width", width, in: 1...1000, "channels of the first convolution"),
      .choice("activation", "relu", of: Activation.allCases.map(\.rawValue), "what a unit makes of its sum"),
      .choice("norm", "batch", of: Norm.allCases.map(\.rawValue), "what follows a convolution"),
      .number("dropout", 0.5, in: 0...0.99, "share of hidden units that a training step does without"),
      .choice("start", "he", of: Start.allCases.map(\.rawValue), "how the weights begin"),
      .preset(
        "era", "modern",
        of: [
          "modern": [:],
          "original": [
            "norm": "response", "start": "paper", "learning_rate": "0.01", "schedule": "step",
            "decay_every": "8",
          ],
        ], "whose recipe: of the paper, or of today"),
    ], measured: [.test], monitor: "test_accuracy", plots: plots, band: band, published: published)
}

private let small = NetworkPlan("small-alexnet") { settings, data in
  [
    "inputs": .integer(Int64(data.splits.train.sampleShape[0])), "classes": .integer(Int64(data.classes)),
    "width": .integer(Int64(settings.count("width"))), "activation": .string(settings.string("activation")),
    "norm": .string(settings.string("norm")), "dropout": .number(settings.double("dropout")),
    "start": .string(settings.string("start")),
  ]
}

private let lenet = NetworkPlan("lenet") { _, data in
  ["inputs": .integer(Int64(data.splits.train.sampleShape[0])), "classes": .integer(Int64(data.classes))]
}
