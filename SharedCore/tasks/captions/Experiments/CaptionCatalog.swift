import Backbones
import CaptionData
import DataUtils
import Engine
import Foundation
import Runner
import Utils

extension ModelCatalog {
  /// A package of one caption network: its folder, and the table of experiments that all of them share.
  ///
  /// - Parameter architecture: a name in `CaptionArchitectureRegistry.captions`.
  public static func captions(folder: String, title: String, architecture: String) -> ModelCatalog {
    let registry = CaptionArchitectureRegistry.captions
    guard let entry = registry.list.first(where: { $0.name == architecture }) else {
      trap("\(folder) names an architecture \(architecture) that is not registered")
    }
    return ModelCatalog(
      folder: folder, title: title,
      architectures: [
        Architecture(entry.name, summary: entry.description) { configuration, random in
          let wanted = try CaptionConfiguration(json: configuration.json, source: configuration.origin)
          try configuration.check(weights: entry.item.count(wanted))
          return try entry.item.build(wanted, &random)
        },
        Architecture("caption_backbone_resnet50", summary: "one ResNet-50, to begin with") { _, random in
          ResNet.resNet50(classes: PretextPicture.classNames.count, using: &random)
        },
      ],
      experiments: (architecture == "shared_backbone_resnet50" ? [pretext] : []) + [
        annotated(entry, architecture),
        drawn(
          "pairs", .study, "drawn pairs of frames from random weights", entry, pairs: 240, height: 32,
          width: 160, epochs: 6, batchSize: 8),
        drawn(
          "debug", .debug, "a few small pairs in seconds", entry, pairs: 25, height: 24, width: 96,
          epochs: 1, batchSize: 5),
      ])
  }

  private static func drawn(
    _ name: String, _ purpose: Experiment.Purpose, _ summary: String,
    _ architecture: CaptionArchitectureRegistry.Entry, pairs: Int, height: Int, width: Int, epochs: Int,
    batchSize: Int
  ) -> Experiment {
    Experiment(
      name, purpose: purpose, summary: summary,
      data: DataPlan(
        settings: [
          .whole("pairs", pairs, in: 10...1_000_000, "pairs to draw"),
          .whole("height", height, in: 16...1024, "rows of a frame"),
          .whole("width", width, in: 16...4096, "columns of a frame"), .captionAugmentation,
        ]
      ) { request in
        let configuration = try configuration(request.settings)
        let pairs = Dataset.drawnPairs(
          request.settings.count("pairs"), configuration, seed: request.seed)
        return try ExperimentData(DataSplits(train: pairs).holdingOut(val: 0.2, seed: request.seed))
          .augmented(as: request.settings, configuration)
      },
      network: NetworkPlan(architecture.name) { settings, _ in settings.captionJSON },
      training: .gradient(
        .crossEntropy,
        GradientOptions {
          $0.optimizer = .adamw
          $0.weightDecay = 0.01
          $0.rateGroups = [.captionHead(of: architecture.item)]
        }), epochs: epochs, learningRate: 1e-3, batchSize: batchSize, settings: networkSettings,
      measured: [.val], monitor: "val_accuracy", judged: .best, plots: [.learningCurves, .confusionMatrix],
      band: .atLeast(0, "f1_macro", of: .val))
  }

  private static let pretext = Experiment(
    "pretext", purpose: .strength, summary: "a backbone that tells font and anchor of made-up captions",
    data: DataPlan(
      settings: [
        .whole("pictures", 4000, in: 40...10_000_000, "made-up captions"),
        .whole("height", 16, in: 16...1024, "rows of a frame"),
        .whole("width", 160, in: 16...4096, "columns of a frame"),
      ]
    ) { request in
      let settings = request.settings
      let fit = CaptionFit(width: settings.count("width"), height: settings.count("height"))
      let pictures = PretextPictures(count: settings.count("pictures"), fit: fit, seed: request.seed)
      return ExperimentData(DataSplits(train: pictures.dataset).holdingOut(val: 0.1, seed: request.seed))
    },
    network: NetworkPlan("caption_backbone_resnet50") { _, _ in [:] },
    training: .gradient(
      .crossEntropy,
      GradientOptions {
        $0.optimizer = .adamw
        $0.weightDecay = 0.01
        $0.schedule = .onecycle
      }), epochs: 5, learningRate: 1e-3, batchSize: 16, measured: [.val], monitor: "val_accuracy",
    judged: .best,
    plots: [.learningCurves], band: .atLeast(0.25, "accuracy", of: .val))

  private static func annotated(_ architecture: CaptionArchitectureRegistry.Entry, _ name: String)
    -> Experiment
  {
    Experiment(
      "captions", purpose: .strength, summary: "pairs of frames of annotated videos, made-up ones by default",
      data: DataPlan(
        settings: [
          .text("dataset", nil, "data set of lab captions create-dataset; none for made-up videos"),
          .whole("videos", 6, in: 1...10_000, "made-up videos"),
          .whole("captions", 40, in: 4...100_000, "captions and empty stretches of each of them"),
          .whole("train_pairs", nil, in: 5...1_000_000_000, "pairs to learn from; none for all of the part"),
          .whole("height", 16, in: 16...1024, "rows of a frame; the published network has 48"),
          .whole("width", 160, in: 16...4096, "columns of a frame; the published network has 480"),
          .choice(
            "ocr_viz", OCRVariant.boundaries.rawValue, of: OCRVariant.allCases.map(\.rawValue),
            "how boxes of text are drawn"),
          .choice(
            "transform", FitStrategy.mirrorTile.rawValue, of: FitStrategy.allCases.map(\.rawValue),
            "how pictures reach their width"),
          .flag("use_font_embedding", true, "tell the network the font"), .captionAugmentation,
        ]
      ) { request in
        let settings = request.settings
        let dataset =
          try settings.text("dataset").map { try CaptionDataset(URL(filePath: $0)) }
          ?? GeneratedDataset(
            videos: settings.count("videos"), captions: settings.count("captions"), seed: request.seed
          ).open()
        let inputs = PairInputs(
          settings.json, width: settings.count("width"), height: settings.count("height"))
        let configuration = try configuration(settings)
        let splits = try DataSplits(
          dataset, inputs, configuration, limit: settings.int("train_pairs"), seed: request.seed)
        var data = try ExperimentData(splits).augmented(as: settings, configuration)
        data.configuration = inputs.configuration(of: dataset)
        return data
      },
      network: NetworkPlan(architecture.name) { settings, _ in settings.captionJSON },
      training: .registered(
        LossPlan {
          $0.type = "weighted_cross_entropy"
          $0.sampling = .balanced
        },
        GradientOptions {
          $0.optimizer = .adamw
          $0.weightDecay = 0.01
          $0.plateau = 2
          $0.plateauMetric = "val_loss"
          $0.decayFactor = 0.5
          $0.rateGroups = [.captionHead(of: architecture.item, rate: 1e-3)]
        }), epochs: 8, learningRate: 3e-4, batchSize: 16, patience: 5, settings: networkSettings,
      measured: [.val], measuresStart: true, confusionEvery: 5, monitor: "val_f1_macro", judged: .best,
      plots: [.learningCurves, .confusionMatrix],
      band: .atLeast(measuredF1[name] ?? 0, "f1_macro", of: .val))
  }

  /// What `captions` reaches at least, from random weights: a margin below what one run of it did.
  private static let measuredF1 = [
    "triple_backbone_resnet50": 0.55, "shared_backbone_resnet50": 0.6, "channel_fusion_lora_resnet50": 0.25,
  ]

  private static func configuration(_ settings: Settings) throws -> CaptionConfiguration {
    try CaptionConfiguration(json: settings.captionJSON, source: "the settings")
  }

  /// What the networks are built from beside the size of a frame.
  private static var networkSettings: [Setting] {
    let published = CaptionConfiguration()
    return [
      .whole("fusion_hidden_dim", published.fusionHiddenDim, in: 2...65_536, "units that join all features"),
      .number("dropout", published.dropout, in: 0...0.99, "share of units that training drops"),
      .whole(
        "lora_rank", published.lora.rank, in: 1...2048, "directions of an adapter, where there are some"),
      .number("lora_alpha", nil, in: 1e-6...1e6, "factor of the adapters; none for their rank").orNone(),
      .choice(
        "lora_scaling", published.lora.scaling.rawValue, of: LoRA.Scaling.allCases.map(\.rawValue),
        "whether alpha is divided by the rank or by its root"),
      .choice(
        "lora_reach", published.lora.reach.rawValue, of: LoRA.Reach.allCases.map(\.rawValue),
        "whether an adapter sees the middle of the kernel or all of it"),
      .flag("dora", false, "weights keep a length that is learnt apart from their direction"),
      .choice(
        "channel_fusion", published.channelFusion.rawValue,
        of: CaptionConfiguration.ChannelFusion.allCases.map(\.rawValue),
        "whether the mixed picture begins as a third of all channels or as means of its colours"),
      .flag("train_norms", published.trainsNorms, "the norms of an adapted backbone learn too"),
    ]
  }
}

extension RateGroup {
  /// What is new beside the backbone, at a rate of its own: how features are joined, and how pictures are mixed.
  static func captionHead(of architecture: CaptionArchitecture, rate: Double = 1e-2) -> RateGroup {
    RateGroup(
      "lr_classifier", rate, of: architecture.head,
      "learning rate of everything but the backbone, whose rate is learning_rate")
  }
}
