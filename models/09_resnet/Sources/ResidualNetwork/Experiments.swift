import DataUtils
import Engine
import Runner

/// The residual networks, their plain twins, and the table of experiments.
public let residualNetworkCatalog = ModelCatalog(
  folder: "09_resnet", title: "Residual Network (He, Zhang, Ren and Sun 2015)",
  architectures: [
    Architecture("cifar_resnet", summary: "blocks that learn what to add to their input, or plain ones") {
      configuration, random in
      let depth = try configuration.count("depth")
      let (width, channels) = (try configuration.count("width"), try configuration.count("channels"))
      let classes = try configuration.count("classes")
      try configuration.check(weights: channels * width * 9 + (depth - 2) * width * width * 9)
      return CIFARResNet(
        depth: depth, width: width, channels: channels, classes: classes,
        isResidual: try configuration.choice("blocks", as: Blocks.self) == .residual, using: &random)
    }
  ],
  experiments: [
    experiment(
      "cifar10", .strength, "colour photographs", depth: 20, epochs: 10, data: .cifar10,
      band: .atLeast(0.6, of: .test)),
    experiment(
      "degradation", .study, "deeper plain networks train worse, deeper residual ones better", depth: 56, epochs: 20,
      data: .cifar10.reduced(shrink: 2, images: 2000), measured: [],
      band: .atLeast(0.1, of: .test)),
  ])

/// Whether blocks have shortcuts.
private enum Blocks: String, CaseIterable { case residual, plain }

private func experiment(
  _ name: String, _ purpose: Experiment.Purpose, _ summary: String, depth: Int, epochs: Int, data: DataPlan,
  measured: [DataSplits.Part] = [.test], band: Band
) -> Experiment {
  Experiment(
    name, purpose: purpose, summary: summary, data: data,
    network: NetworkPlan("cifar_resnet") { settings, data in
      [
        "depth": .integer(Int64(settings.string("layers")) ?? 20),
        "width": .integer(Int64(settings.count("width"))),
        "channels": .integer(Int64(data.splits.train.sampleShape[0])),
        "classes": .integer(Int64(data.classes)), "blocks": .string(settings.string("blocks")),
      ]
    },
    training: .gradient(
      .crossEntropy,
      GradientOptions {
        $0.momentum = 0.9
        $0.weightDecay = 1e-4
        $0.schedule = .cosine
      }), epochs: epochs, learningRate: 0.1, batchSize: 128,
    settings: [
      .choice(
        "layers", "\(depth)", of: ["8", "14", "20", "32", "44", "56", "110"], "layers with weights: 6n + 2"),
      .choice("blocks", "residual", of: ["residual", "plain"], "with shortcuts, or without"),
      .whole("width", 16, in: 1...256, "channels of the first stage"),
    ], measured: measured, monitor: measured.isEmpty ? "train_accuracy" : "test_accuracy", plots: [.learningCurves, .confusionMatrix], band: band)
}
