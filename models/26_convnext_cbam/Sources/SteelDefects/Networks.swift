import Backbones
import DataUtils
import Engine
import Runner
import Utils

/// The networks that tell defects apart: ConvNeXt with attention, without, and ResNet-50 as the older one beside it.
let networks = [
  Architecture(
    "convnext_tiny_cbam", summary: "ConvNeXt with attention over channels and places behind some stages"
  ) {
    configuration, random in
    try convNeXt(configuration, hasAttention: true, &random)
  },
  Architecture("convnext_tiny", summary: "the same ConvNeXt without attention") { configuration, random in
    try convNeXt(configuration, hasAttention: false, &random)
  },
  Architecture("resnet50", summary: "ResNet-50 with dropout before its last layer") { configuration, random in
    try configuration.check(weights: 23_508_032)
    let network = ResNet.resNet50(
      classes: try configuration.count("classes"), dropout: try dropout(configuration), using: &random)
    let frozen =
      try configuration.flag("freeze_backbone")
      ? 4 : configuration.number("freeze_early_stages", in: 1...4).map(Int.init)
    if let frozen { network.freezeStages(frozen) }
    return network
  },
]

/// What the networks are built from: the settings of a row, under the names that checkpoints keep.
func configuration(_ settings: Settings, _ data: ExperimentData) -> JSONValue {
  configuration(settings, classes: data.classes)
}

func configuration(_ settings: Settings, classes: Int) -> JSONValue {
  [
    "classes": .integer(Int64(classes)), "size": .string(settings.string("size")),
    "cbam_stages": .array(settings.list("model.cbam_stages")),
    "cbam_by_element": .bool(settings.bool("cbam_by_element")),
    "dropout": .number(settings.double("dropout")),
    "drop_path_rate": .number(settings.double("drop_path_rate")),
    "layer_scale": .number(settings.double("layer_scale")),
    "freeze_backbone": .bool(settings.bool("training.freeze_backbone")),
    "freeze_early_stages": settings.value(of: "training.freeze_early_stages"),
  ]
}

/// The settings that the networks are built from.
func networkSettings(size: ConvNeXt.Size) -> [Setting] {
  [
    .choice("model.name", networks[0].name, of: networks.map(\.name), "the network"),
    .value(
      "model.cbam_stages", "[3, 4]", in: .list(.whole(0...7), 0...8), "behind which stages attention stands"),
    .flag(
      "cbam_by_element", false,
      "cbam_stages counts the elements of torchvision's list, 0 to 7, not stages 1 to 4"),
    .choice(
      "size", size.rawValue, of: ConvNeXt.Size.allCases.map(\.rawValue), "how deep and wide the ConvNeXt is"),
    .number(
      "layer_scale", 1e-6, in: 1e-9...1,
      "what a block's own part is multiplied by at first"),
    .number("dropout", 0.5, in: 0...0.99, "share of the features dropped before the last layer"),
    .number("drop_path_rate", 0.1, in: 0...0.99, "how often training leaves the last block out"),
    .flag("training.freeze_backbone", false, "only attention and the last layer learn"),
    .whole(
      "training.freeze_early_stages", nil, in: 1...4,
      "so many stages, and what lies before them, do not learn"),
  ]
}

private func convNeXt(
  _ configuration: Configuration, hasAttention: Bool, _ random: inout RandomStream
) throws -> ConvNeXtCBAM {
  let size = try configuration.choice("size", as: ConvNeXt.Size.self)
  let numbers = hasAttention ? try configuration.counts("cbam_stages", atLeast: 0) : []
  let byElement = try configuration.flag("cbam_by_element")
  guard numbers.allSatisfy({ (byElement ? 0...7 : 1...4).contains($0) }), Set(numbers).count == numbers.count
  else {
    throw LabError(
      .config, "attention cannot stand behind \(byElement ? "elements" : "stages") \(numbers)",
      remedy: byElement ? "give numbers from 0 to 7, each once" : "give stages from 1 to 4, each once")
  }
  let network = ConvNeXtCBAM(
    size, classes: try configuration.count("classes"),
    attention: byElement ? .elements(numbers) : .stages(numbers),
    dropout: try dropout(configuration),
    stochasticDepth: try configuration.number("drop_path_rate", in: 0...0.99).map(Float.init),
    layerScale: try configuration.number("layer_scale", in: 1e-9...1).map(Float.init) ?? 1e-6, using: &random)
  if try configuration.flag("freeze_backbone") { network.freezeBackbone() }
  if let stages = try configuration.number("freeze_early_stages", in: 1...4) {
    network.freezeStages(Int(stages))
  }
  return network
}

private func dropout(_ configuration: Configuration) throws -> Float {
  Float(try configuration.number("dropout", in: 0...0.99) ?? 0)
}
