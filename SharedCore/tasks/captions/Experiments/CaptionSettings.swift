import CaptionData
import Runner
import Utils

extension PairInputs {
  /// What settings say, of an experiment or kept by a checkpoint; `ocr_visualization_variant` and `transform_strategy` are
  /// other names for `ocr_viz` and `transform`.
  init(_ settings: JSONValue, width: Int, height: Int) {
    func word(_ names: [String]) -> String { names.lazy.compactMap { settings[$0]?.string }.first ?? "" }
    let fit = CaptionFit(
      FitStrategy(rawValue: word(["transform", "transform_strategy"])) ?? .mirrorTile,
      width: width, height: height)
    self.init(
      fit,
      OCRVariant(rawValue: word(["ocr_viz", "ocr_visualization_variant", "ocr_viz_variant"])) ?? .boundaries,
      usesFont: settings["use_font_embedding"]?.bool ?? true)
  }

  /// What a checkpoint says of its inputs, under the names of the published project.
  func configuration(of dataset: CaptionDataset) -> [String: JSONValue] {
    [
      "dataset_db_path": .string(dataset.url.path), "transform_strategy": .string(fit.strategy.rawValue),
      "ocr_viz_variant": .string(variant.rawValue), "use_font_embedding": .bool(usesFont),
      "font_embedding_version": dataset.fontVersions.first.map(JSONValue.string) ?? .null,
    ]
  }
}

extension Setting {
  /// How the frames of training pairs are changed, by name.
  static var captionAugmentation: Setting {
    .choice(
      "augmentation", "none", of: CaptionAugmentationRegistry.captions.names,
      "how both frames of a training pair are changed")
  }
}

extension ExperimentData {
  /// The same with the changes of training pairs that `settings` ask for.
  func augmented(as settings: Settings, _ configuration: CaptionConfiguration) throws -> ExperimentData {
    var data = self
    data.augmentations += [
      try PairAugmentation(named: settings.string("augmentation"), for: configuration.inputs)
    ].compactMap(\.self)
    return data
  }
}

extension Settings {
  /// Those of a caption network, as its checkpoint keeps them.
  var captionJSON: JSONValue {
    let keys = Set((CaptionConfiguration().json.object ?? [:]).map(\.key))
    return .object((json.object ?? [:]).filter { keys.contains($0.key) })
  }
}
