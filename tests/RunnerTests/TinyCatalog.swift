import DataUtils
import Engine
import Runner
import Utils

/// A linear classifier with one experiment for each thing that the runner does.
let tinyCatalog = ModelCatalog(
  folder: "99_tiny", title: "Tiny classifier (Nobody 2000)",
  architectures: [
    Architecture("tiny", summary: "one linear layer") { configuration, random in
      TinyNetwork(
        inputs: try configuration.count("inputs"), outputs: try configuration.count("outputs"), using: &random
      )
    }
  ],
  experiments: [
    experiment(
      "three-blobs", aliases: ["blobs", "debug_blobs"], .strength, epochs: 4, batchSize: 16,
      data: blobs, training: .sgd(.crossEntropy, momentum: 0.9), monitor: "val_accuracy",
      plots: [.learningCurves, .decisionRegions, .confusionMatrix, .weights, .roc],
      band: .atLeast(0.9, of: .test), published: "100 % (Nobody 2000)"),
    experiment(
      "two-rates", .study, epochs: 4, batchSize: 16, data: blobs,
      training: .sgd(.crossEntropy, momentum: 0.9), monitor: "val_accuracy", plots: [],
      study: Study(
        sweep: [("learning_rate", ["0.0001", "0.1"])], seeds: 2, shown: ["test_accuracy", "train_loss"],
        metrics: [
          .difference(
            "gain", of: "test_accuracy", ["learning_rate": "0.1"], minus: ["learning_rate": "0.0001"])
        ]),
      settings: [
        .preset("era", "modern", of: ["modern": [:], "original": ["batch_size": "8"]], "the recipe")
      ],
      band: .atLeast(0, "gain", of: .test)),
    experiment(
      "xor", aliases: ["exclusive-or"], .weakness, epochs: 20, data: generated("xor"),
      training: .rule(name: "nudging") { network, settings in
        guard let tiny = network as? TinyNetwork else {
          throw LabError(.model, "nudging was given another network", remedy: "choose a tiny one")
        }
        return NudgingRule(tiny, rate: Float(settings.double("learning_rate")))
      }, measured: [.train], plots: [.decisionRegions, .confusionMatrix],
      band: .atMost(0.75, "opposite_accuracy", of: .all)),
    experiment(
      "pictures", .study, epochs: 2, batchSize: 8, data: DataPlan { _ in ExperimentData(stripes()) },
      training: .sgd(.binaryCrossEntropy), augmentation: AugmentationPlan(), measured: [.train],
      plots: [.learningCurves, .confusionMatrix, .weights, .roc], band: .atLeast(0.5, of: .all)),
    questions,
    experiment(
      "failing", .debug, epochs: 1,
      data: DataPlan { _ in throw LabError(.data, "the data set nothing is not here", remedy: "fetch it") },
      training: .sgd(.crossEntropy), plots: [], band: .atLeast(1, of: .all)),
  ])

/// Three questions about a point, of which any number may be answered with yes, configured by a file with groups.
private let questions = Experiment(
  "questions", purpose: .study, summary: "the summary of questions",
  data: DataPlan(settings: [
    .number("data.share", 0.5, in: 0...1, "share of the points on the right"),
    .value(
      "data.class_names", "[right, upper, far]", in: .list(.text, 3...3), "what the questions are called"),
    .value("data.size", "[1, 2]", in: .list(.whole(1...9), 2...2), "a size"),
  ]) { ExperimentData(points($0)) },
  network: NetworkPlan("tiny") { _, data in ["inputs": 2, "outputs": .integer(Int64(data.classes))] },
  training: .registered(
    LossPlan { $0.alpha = "dynamic" },
    GradientOptions {
      $0.optimizer = .adamw
      $0.schedule = .cosine
      $0.warmup = 2
    }), epochs: 6, learningRate: 0.3, batchSize: 16,
  settings: [
    .text("model.name", "tiny", "the network"), .monitor("f1_macro", of: ["f1_macro", "accuracy"]),
    .logInterval(2), .text("experiment.name", nil, "what the run is called"),
    .text("experiment.save_dir", nil, "where runs are kept"),
    .number("augmentation.blur.sigma", 0.5, in: 0...9, "strength of the blur").orNone(),
    .number("augmentation.flip", 0.25, in: 0...1, "share of turned samples").orNone(),
    .value("augmentation.order", "[blur, flip]", in: .list(.text, 0...9), "what is done first"),
  ],
  config: ConfigLayout(
    groups: [
      "model", "loss", "data", "augmentation", "training", "optimizer", "scheduler", "experiment",
    ], names: ConfigLayout.training),
  monitor: "val_f1_macro", judged: .best, plots: [.learningCurves, .confusionMatrix, .roc],
  band: .atLeast(0.7, "f1_macro", of: .test))

/// Points of a square in three parts; "far" is rare.
private func points(_ request: DataRequest) -> DataSplits {
  func part(_ name: String, _ count: Int) -> Dataset {
    var random = RandomStream(seed: request.seed, purpose: name)
    let share = request.settings.double("data.share")
    let points = (0..<count).map { _ in
      (Float(random.uniform() - 1 + share), Float(random.uniform() - 0.5))
    }
    return Dataset(
      name: "points", sampleShape: [2], features: .floats(points.flatMap { [$0.0, $0.1] }),
      targets: points.flatMap { x, y in [x > 0 ? 1 : 0, y > 0 ? 1 : 0, x + y > 0.6 ? 1 : 0] as [UInt8] },
      classNames: request.settings.list("data.class_names").compactMap(\.string))
  }
  return DataSplits(train: part("train", 90), val: part("val", 60), test: part("test", 60))
}

private let blobs = DataPlan { request in
  let whole = try DatasetRegistry.load("blobs", samples: 120, noise: 0.3, seed: request.seed).all
  return ExperimentData(whole.stratifiedSplit(val: 0.2, test: 0.2, seed: request.seed))
}

/// Sixteen pixels with a bar on the left or on the right.
private func stripes() -> DataSplits {
  let pixels: [Float] = (0..<24).flatMap { sample in
    let brightness = Float(sample % 5 + 1)
    return (0..<16).map { pixel in pixel % 4 / 2 == sample % 2 ? brightness : 0 }
  }
  return DataSplits(
    trainingOnAll: Dataset(
      name: "stripes", sampleShape: [1, 4, 4], features: .floats(pixels), labels: (0..<24).map { $0 % 2 },
      classNames: ["left", "right"]))
}

private func generated(_ name: String) -> DataPlan {
  DataPlan { request in
    ExperimentData(try DatasetRegistry.load(name, samples: 40, noise: 0.1, seed: request.seed))
  }
}

private func experiment(
  _ name: String, aliases: [String] = [], _ purpose: Experiment.Purpose, epochs: Int, batchSize: Int? = nil,
  data: DataPlan, training: TrainingPlan, augmentation: AugmentationPlan? = nil,
  measured: [DataSplits.Part] = [], monitor: String = "train_accuracy", plots: [Experiment.Plot],
  study: Study? = nil, settings: [Setting] = [], band: Band,
  published: String? = nil
) -> Experiment {
  Experiment(
    name, aliases: aliases, purpose: purpose, summary: "the summary of \(name)", data: data,
    network: NetworkPlan("tiny") { _, data in
      [
        "inputs": .integer(Int64(data.inputs)),
        "outputs": .integer(data.classes == 2 ? 1 : Int64(data.classes)),
      ]
    }, training: training, epochs: epochs, learningRate: 0.1, batchSize: batchSize,
    settings: [.flag("gentle", false, "whether to be gentle")] + settings, augmentation: augmentation,
    measured: measured, monitor: monitor,
    plots: plots, study: study, band: band, published: published)
}

/// One linear layer, and as its variant the one that always says the opposite.
final class TinyNetwork: Layer, HasVariants {
  let linear: Linear

  init(inputs: Int, outputs: Int, using random: inout RandomStream) {
    linear = Linear(inputs, outputs, using: &random)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { linear(x.flattened(from: 1)) }

  var variants: [(name: String, network: any Layer)] { [("opposite", Opposite(self))] }

  private final class Opposite: Layer {
    private let original: TinyNetwork

    init(_ original: TinyNetwork) { self.original = original }

    func callAsFunction(_ x: Tensor) -> Tensor { -original(x) }
  }
}

/// A rule without a gradient and with a state: it moves the first weight on by the rate, and counts.
final class NudgingRule: TrainingRule, ExplainsSteps {
  private let network: TinyNetwork
  private let rate: Float
  private let nudges = Buffer(0)
  private var board: Blackboard?

  init(_ network: TinyNetwork, rate: Float) {
    self.network = network
    self.rate = rate
  }

  func step(_ batch: Batch) throws -> StepResult {
    network.parameters()[0].parameter.update { span in span[0] += rate }
    nudges.contents = .integer(nudges.integer + 1)
    if let board, !board.isFull { board.write(update: "nudge \(nudges.integer)") }
    return StepResult(count: batch.count, sums: [Metric("nudges", 1)])
  }

  func state() -> [(name: String, buffer: Buffer)] { [("nudges", nudges)] }

  func explain(on board: Blackboard) { self.board = board }
}
