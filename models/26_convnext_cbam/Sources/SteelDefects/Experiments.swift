import Backbones
import DataUtils

import Engine
import Runner
import Utils

/// The networks, and the table of experiments.
public let steelDefectsCatalog = ModelCatalog(
  folder: "26_convnext_cbam", title: "ConvNeXt with attention on steel (Liu et al. 2022, Woo et al. 2018)",
  architectures: networks,
  experiments: [
    photographs(
      "neu-det", .strength, "six defects of hot-rolled steel, 1,800 photographs", data: .neuDET(side: 96),
      epochs: 20,
      band: .atLeast(0.9, of: .test),
      published: "99.2 % or so for convolutional networks on 200 x 200 pixels with other splits"),
    photographs(
      "magnetic-tile", .study, "five defects of magnetic tiles and none, 180 photographs",
      data: .magneticTile(side: 96),
      epochs: 30, band: .atLeast(0.5, of: .test)),
    photographs(
      "debug", aliases: ["quick-test"], .debug, "a few photographs of steel in seconds",
      data: .neuDET(side: 32),
      epochs: 1, band: .atLeast(0, of: .test)),
  ])

/// A row whose photographs have one class each.
private func photographs(
  _ name: String, aliases: [String] = [], _ purpose: Experiment.Purpose, _ summary: String, data: DataPlan,
  epochs: Int,
  batchSize: Int = 32, band: Band, published: String? = nil
) -> Experiment {
  Experiment(
    name, aliases: aliases, purpose: purpose, summary: summary, data: data,
    network: NetworkPlan("convnext_tiny_cbam") { settings, data in
      [
        "classes": .integer(Int64(data.classes)), "size": .string(settings.string("size")),
        "cbam_stages": .array(settings.widths("cbam_stages").map { .integer(Int64($0)) }),
        "cbam_by_element": .bool(settings.bool("cbam_by_element")),
        "dropout": .number(settings.double("dropout")),
        "drop_path_rate": .number(settings.double("drop_path_rate")),
      ]
    },
    training: .gradient(.crossEntropy, recipe), epochs: epochs, learningRate: 0.001, batchSize: batchSize,
    settings: [
      .choice(
        "size", "atto", of: ConvNeXt.Size.allCases.map(\.rawValue), "how deep and wide the ConvNeXt is"),
      .widths("cbam_stages", [3, 4], in: 0...7, "behind which stages attention stands, 1-2-3-4, or none"),
      .flag("cbam_by_element", false, "count the elements of torchvision's list, 0 to 7, instead of stages"),
      .number("dropout", 0.5, in: 0...0.99, "share of the features dropped before the last layer"),
      .number("drop_path_rate", 0.1, in: 0...0.99, "how often training leaves the last block out"),
    ],
    augmentation: AugmentationPlan {
      $0.flip = true
      $0.shift = 8
    }, monitor: "val_accuracy",
    plots: [.learningCurves, .confusionMatrix, .worstMistakes, .gradCAM, .attention], band: band,
    published: published)
}

private let recipe = GradientOptions {
  $0.optimizer = .adamw
  $0.weightDecay = 0.05
  $0.schedule = .cosine
  $0.warmup = 2
  $0.clip = 1
}
