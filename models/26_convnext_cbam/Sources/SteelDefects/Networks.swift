import Backbones
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
    return ResNet.resNet50(
      classes: try configuration.count("classes"), dropout: try dropout(configuration), using: &random)
  },
]

private func convNeXt(
  _ configuration: Configuration, hasAttention: Bool, _ random: inout RandomStream
) throws -> ConvNeXtCBAM {
  let size = try configuration.choice("size", as: ConvNeXt.Size.self)
  let numbers = hasAttention ? try configuration.counts("cbam_stages") : []
  let byElement = try configuration.flag("cbam_by_element")
  guard numbers.allSatisfy({ (byElement ? 0...7 : 1...4).contains($0) }), Set(numbers).count == numbers.count
  else {
    throw LabError(
      .model, "attention cannot stand behind \(byElement ? "elements" : "stages") \(numbers)",
      remedy: byElement ? "give numbers from 0 to 7, each once" : "give stages from 1 to 4, each once")
  }
  return ConvNeXtCBAM(
    size, classes: try configuration.count("classes"),
    attention: byElement ? .elements(numbers) : .stages(numbers),
    dropout: try dropout(configuration),
    stochasticDepth: try configuration.number("drop_path_rate", in: 0...0.99).map(Float.init), using: &random)
}

private func dropout(_ configuration: Configuration) throws -> Float {
  Float(try configuration.number("dropout", in: 0...0.99) ?? 0)
}
