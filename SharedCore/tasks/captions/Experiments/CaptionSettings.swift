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
}

extension Settings {
  /// Those of a caption network, as its checkpoint keeps them.
  var captionJSON: JSONValue {
    let keys = Set((CaptionConfiguration().json.object ?? [:]).map(\.key))
    return .object((json.object ?? [:]).filter { keys.contains($0.key) })
  }
}
