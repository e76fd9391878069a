import DataUtils
import Engine
import Runner
import Utils

/// The residual networks, their plain twins, and the table of experiments.
public let residualNetworkCatalog = ModelCatalog(
  folder: "09_resnet", title: "Residual Network (He, Zhang, Ren and Sun 2015)",
  architectures: [
    Architecture("cifar_resnet", summary: "blocks that learn what to add to their input, or plain ones") {
      configuration, random in
      CIFARResNet(
        depth: try depth("depth", in: configuration), width: try configuration.count("width"),
        channels: try configuration.count("channels"), classes: try configuration.count("classes"),
        isResidual: try configuration.choice("blocks", as: Blocks.self) == .residual, using: &random)
    }
  ],
  experiments: [
    experiment(
      "cifar10", .strength, "colour photographs, the subset of 10,000", layers: 20, epochs: 6,
      options: today { $0.labelSmoothing = 0.1 }, original: ["decay_every": "2", "label_smoothing": "0"],
      data: .cifar10, augmentation: .cropAndFlip, plots: imagePlots, band: .atLeast(0.57, of: .test),
      published: "91.25 % for ResNet-20 on all 50,000 images, 164 epochs (He et al. 2015, table 6)"),
    experiment(
      "degradation", .study, "depth harms plain networks and helps residual ones", layers: 56, epochs: 12,
      learningRate: 0.01, batchSize: 32, options: degradationRecipe,
      data: DataPlan.cifar10.reduced(shrink: 2, images: 2000),
      plots: [.learningCurves, .gradientFlow, .gradientFlowByDepth],
      study: Study(
        sweep: [("blocks", ["plain", "residual"]), ("layers", ["20", "56"])], seeds: 3,
        shown: ["train_loss", "train_accuracy", "test_accuracy"],
        metrics: [
          StudyMetric("plain_gap") { gap("plain", in: $0) },
          StudyMetric("residual_gap") { gap("residual", in: $0) },
          StudyMetric("depth_margin") { cells in
            guard let plain = gap("plain", in: cells), let residual = gap("residual", in: cells) else {
              return nil
            }
            return min(plain, -residual)
          },
        ]),
      band: .atLeast(0, "depth_margin", of: .train),
      published:
        "plain-56 above plain-20 and ResNet-56 below ResNet-20 on all 50,000 images (He et al. 2015, figure 6)"
    ),
    experiment(
      "depth-study", .study, "more layers learn 2,000 images better, and other images no better", layers: 20,
      epochs: 12,
      learningRate: 0.01, batchSize: 32, options: degradationRecipe,
      data: DataPlan.cifar10.reduced(shrink: 2, images: 2000), plots: [.learningCurves],
      study: Study(
        sweep: [("layers", ["20", "32", "44"])], seeds: 1, shown: ["train_loss", "test_accuracy"],
        metrics: [.difference("loss_gap", of: "train_loss", ["layers": "44"], minus: ["layers": "20"])]),
      band: .atMost(0, "loss_gap", of: .train),
      published: "91.25, 92.49 and 92.83 % on all 50,000 images, 164 epochs (He et al. 2015, table 6)"),
    experiment(
      "mnist", .strength, "ten digits of 28 x 28 pixels, 70,000 of them", layers: 8, width: 8, epochs: 3,
      data: .mnist(), plots: imagePlots, band: .atLeast(0.985, of: .test),
      published: "99.06 % for ResNet-18 (Raschka, Adam, 10 epochs)"),
    experiment(
      "fashion-mnist", .strength, "ten kinds of clothing", layers: 8, width: 8, epochs: 3,
      data: .fashionMNIST, plots: imagePlots, band: .atLeast(0.88, of: .test),
      published: "94.9 % for ResNet-18 (Fashion-MNIST's README, submitted by a user)"),
    experiment(
      "digits", .strength, "ten digits of 8 x 8 pixels", layers: 8, epochs: 10, batchSize: 32, data: .digits,
      plots: imagePlots, band: .atLeast(0.97, of: .test)),
    experiment(
      "where", .weakness, "its answer is the same wherever the parts of a picture lie", layers: 8, epochs: 8,
      batchSize: 32, data: .digits(paddedTo: 16), metrics: [.shuffledAgreement],
      plots: [.featureMaps, .gradCAM], band: .atLeast(0.99, "shuffled_agreement", of: .test)),
    experiment(
      "debug", aliases: ["quick-test"], .debug, "the digits in seconds", layers: 8, width: 4, epochs: 4,
      batchSize: 32, data: .digits, plots: [.learningCurves, .confusionMatrix],
      band: .atLeast(0.8, of: .test)),
  ])

/// The recipe of the paper but for its rate, which the deepest of these networks does not bear on so few images.
private let degradationRecipe = GradientOptions {
  $0.momentum = 0.9
  $0.weightDecay = 1e-4
  $0.schedule = .cosine
  $0.warmup = 1
}

/// The final training loss of networks with 56 layers less that of those with 20, means over the seeds: above 0 where depth
/// does harm.
@Sendable private func gap(_ blocks: String, in cells: [StudyCell]) -> Double? {
  let losses = ["56", "20"].map {
    StudyMetric.mean("train_loss", in: cells, where: ["blocks": blocks, "layers": $0])
  }
  guard let deep = losses[0], let shallow = losses[1] else { return nil }
  return deep - shallow
}

/// Whether blocks have shortcuts.
private enum Blocks: String, CaseIterable { case residual, plain }

private let imagePlots: [Experiment.Plot] = .images + [.gradientFlow]

/// The depth called `key` of a network that the checkpoint has room for; throws where it is not 6n + 2.
private func depth(_ key: String, in configuration: Configuration) throws -> Int {
  let depth = try configuration.count(key), width = try configuration.count("width")
  guard depth >= 8, depth % 6 == 2 else {
    throw LabError(
      .model, "\(key) is \(depth): these networks have 6n + 2 layers", remedy: "choose 20, 32, 44, 56 or 110")
  }
  let ends = try 9 * configuration.count("channels") + 4 * configuration.count("classes")
  let (weights, overflows) = (9 * (depth - 2) * width + ends).multipliedReportingOverflow(by: width)
  try configuration.check(weights: overflows ? .max : weights)
  return depth
}

/// A row of the table: what all experiments with one network share.
private func experiment(
  _ name: String, aliases: [String] = [], _ purpose: Experiment.Purpose, _ summary: String, layers: Int,
  width: Int = 16, epochs: Int, learningRate: Double = 0.05, batchSize: Int = 64,
  options: GradientOptions = today(), original: [String: String] = [:], data: DataPlan,
  augmentation: AugmentationPlan = AugmentationPlan(), metrics: [ExtraMetric] = [], plots: [Experiment.Plot],
  study: Study? = nil, band: Band, published: String? = nil
) -> Experiment {
  Experiment(
    name, aliases: aliases, purpose: purpose, summary: summary, data: data,
    network: NetworkPlan("cifar_resnet") { settings, data in
      [
        "depth": .integer(Int64(settings.string("layers")) ?? 20),
        "width": .integer(Int64(settings.count("width"))),
        "channels": .integer(Int64(data.splits.train.sampleShape[0])),
        "classes": .integer(Int64(data.classes)), "blocks": .string(settings.string("blocks")),
      ]
    },
    training: .gradient(.crossEntropy, options), epochs: epochs, learningRate: learningRate,
    batchSize: batchSize,
    settings: [
      .choice(
        "layers", "\(layers)", of: ["8", "14", "20", "32", "44", "56", "110"], "layers with weights: 6n + 2"),
      .choice("blocks", "residual", of: ["residual", "plain"], "with shortcuts, or without"),
      .whole("width", width, in: 1...256, "channels of the first stage; 16 in the paper"), era(original),
    ], augmentation: augmentation, measured: [.test], monitor: "test_accuracy", metrics: metrics,
    plots: plots,
    study: study, band: band, published: published)
}

/// Today's recipe: smaller batches, a rate that rises for an epoch and falls along a cosine, a stronger weight decay.
private func today(_ change: (inout GradientOptions) -> Void = { _ in }) -> GradientOptions {
  var options = GradientOptions {
    $0.momentum = 0.9
    $0.weightDecay = 5e-4
    $0.schedule = .cosine
  }
  change(&options)
  return options
}

/// The recipe of 2015 (§4.2): batches of 128, a rate of 0.1 that falls to a tenth in steps, a weight decay of 0.0001.
///
/// - Parameter changes: what a row needs beside or instead of it.
private func era(_ changes: [String: String]) -> Setting {
  let recipe = [
    "learning_rate": "0.1", "batch_size": "128", "weight_decay": "0.0001", "schedule": "step", "warmup": "0",
  ]
  return .era(original: recipe.merging(changes) { $1 })
}
