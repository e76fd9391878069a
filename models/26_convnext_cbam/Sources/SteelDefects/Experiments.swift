import Backbones
import DataUtils
import Defects
import Engine
import Runner
import Utils

/// The networks, and the table of experiments.
public let steelDefectsCatalog = ModelCatalog(
  folder: "26_convnext_cbam", title: "ConvNeXt with attention on steel (Liu et al. 2022, Woo et al. 2018)",
  architectures: networks,
  experiments: [
    strips(
      "severstal", .strength, "four kinds of defects on strips of steel, any number of them on one",
      size: .tiny,
      data: .severstal(.four), epochs: 100, batchSize: 4, band: .atLeast(0.5, "f1_macro", of: .test),
      published: "macro F1 0.907 with five classes (SimonHofmann94/DL4SE, second era, best configuration)"),
    strips(
      "severstal-v2", .strength, "the same with a class of its own for strips without a defect", size: .tiny,
      data: .severstal(.five), epochs: 100, batchSize: 16,
      loss: LossPlan {
        $0.alpha = JSONValue.array(publishedAlpha.map(JSONValue.number)).text()
        $0.gamma = 2.5
      }, band: .atLeast(0.5, "f1_macro", of: .test),
      published: "macro F1 0.907 (SimonHofmann94/DL4SE, second era, best configuration)"),
    strips(
      "strips", .strength, "four kinds of defects on ten thousand pieces of made-up strips", size: .atto,
      data: .madeUp(.four, strips: 10_000, height: 64, width: 64), epochs: 20, batchSize: 16,
      loss: LossPlan { $0.type = "bce_with_logits" }, recipe: fromRandomWeights,
      band: .atLeast(0.55, "f1_macro", of: .test)),
    strips(
      "few-strips", .weakness, "so few steps from random weights do not find small defects", size: .atto,
      data: .madeUp(.four, strips: 600, height: 64, width: 400), epochs: 12, batchSize: 16,
      band: .atMost(0.5, "f1_macro", of: .test)),
    photographs(
      "neu-det", .strength, "six defects of hot-rolled steel, 1,800 photographs", data: .neuDET(side: 96),
      epochs: 20,
      band: .atLeast(0.9, of: .test),
      published: "about 99 % for convolutional networks on 200 x 200 pixels with other splits"),
    photographs(
      "magnetic-tile", .weakness,
      "a hundred photographs are too few: five defects of magnetic tiles and none",
      data: .magneticTile(side: 96),
      epochs: 30, metrics: [heatOnDefect, defectArea], band: .atMost(0.5, of: .test)),
    strips(
      "debug", aliases: ["quick-test"], .debug, "a few small strips in seconds", size: .atto,
      data: .madeUp(.five, strips: 60, height: 32, width: 96), epochs: 2, batchSize: 8,
      band: .atLeast(0, "f1_macro", of: .test)),
  ])

/// How much the classes count in the best configuration of the second era: no defect, then the four kinds.
private let publishedAlpha = [0.375, 0.75, 0.7, 0.375, 0.99]

/// The groups of `config/train_config.yaml`.
private let layout = ConfigLayout(
  groups: ["model", "loss", "data", "augmentation", "training", "optimizer", "scheduler", "experiment"],
  names: ConfigLayout.training)

/// The published weights of the network that the settings name; nil where there are none.
@Sendable private func publishedWeights(_ settings: Settings) -> String? {
  if settings.string("model.name") == "resnet50" { return "resnet50.tv_in1k" }
  return settings.string("size") == "tiny" ? "convnext_tiny.fb_in1k" : nil
}

/// How the weights move: AdamW with a warm-up and a cosine.
private struct Recipe {
  let learningRate, weightDecay: Double
  /// The most epochs over which the rate rises.
  let warmup: Int
  /// The longest gradient; nil for any.
  let clip: Double?

  func options(warmup: Int) -> GradientOptions {
    GradientOptions {
      $0.optimizer = .adamw
      $0.weightDecay = weightDecay
      $0.schedule = .cosine
      $0.warmup = warmup
      $0.clip = clip
    }
  }
}

/// As the specification says, for weights that know photographs.
private let asPublished = Recipe(learningRate: 0.001, weightDecay: 1e-4, warmup: 5, clip: nil)
/// For networks that begin with random weights.
private let fromRandomWeights = Recipe(learningRate: 0.002, weightDecay: 0.05, warmup: 4, clip: 1)

/// A row whose strips show any number of classes, trained as the specification says.
private func strips(
  _ name: String, aliases: [String] = [], _ purpose: Experiment.Purpose, _ summary: String,
  size: ConvNeXt.Size, data: DataPlan, epochs: Int, batchSize: Int, loss: LossPlan = LossPlan(),
  recipe: Recipe = asPublished, band: Band, published: String? = nil
) -> Experiment {
  var loss = loss
  loss.manualAlpha = publishedAlpha
  return Experiment(
    name, aliases: aliases, purpose: purpose, summary: summary, data: data,
    network: NetworkPlan("convnext_tiny_cbam", choice: "model.name", configuration: configuration),
    pretrained: publishedWeights,
    training: .registered(loss, recipe.options(warmup: min(recipe.warmup, epochs / 3))), epochs: epochs,
    learningRate: recipe.learningRate, batchSize: batchSize, patience: 15,
    settings: networkSettings(size: size) + [
      .flag("model.pretrained", false, "begin with ImageNet weights, which lab weights fetch downloads"),
      .monitor("f1_macro", of: ["f1_macro", "f1_micro", "accuracy", "loss"]), .logInterval(10),
      .text("experiment.name", nil, "what the run is called"),
      .text("experiment.save_dir", nil, "where runs are kept"),
    ],
    config: layout, monitor: "val_f1_macro", judged: .best,
    plots: [.learningCurves, .confusionMatrix, .roc, .gradCAM, .attention], band: band, published: published)
}

/// A row whose photographs have one class each.
private func photographs(
  _ name: String, _ purpose: Experiment.Purpose, _ summary: String, data: DataPlan, epochs: Int,
  batchSize: Int = 16, metrics: [ExtraMetric] = [],
  band: Band, published: String? = nil
) -> Experiment {
  Experiment(
    name, purpose: purpose, summary: summary, data: data,
    network: NetworkPlan("convnext_tiny_cbam", choice: "model.name", configuration: configuration),
    training: .registered(
      LossPlan { $0.type = "cross_entropy" },
      fromRandomWeights.options(warmup: 2)), epochs: epochs, learningRate: fromRandomWeights.learningRate,
    batchSize: batchSize, settings: networkSettings(size: .atto),
    augmentation: AugmentationPlan { $0.flip = true }, monitor: "val_accuracy", metrics: metrics,
    plots: [.learningCurves, .confusionMatrix, .worstMistakes, .gradCAM, .attention], band: band,
    published: published)
}
