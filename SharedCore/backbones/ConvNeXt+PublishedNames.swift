import Engine

/// The names under which timm and the authors publish weights; our own are torchvision's.
///
/// | ours | timm | the authors |
/// | --- | --- | --- |
/// | features.0.0 and 0.1 | stem.0 and stem.1 | downsample_layers.0.0 and 0.1 |
/// | features.(2i).j, i > 0 | stages.i.downsample.j | downsample_layers.i.j |
/// | features.(2i+1).b.block.0, .2, .3, .5 | stages.i.blocks.b.conv_dw, .norm, .mlp.fc1, .mlp.fc2 | stages.i.b.dwconv, .norm, .pwconv1, .pwconv2 |
/// | features.(2i+1).b.layer_scale [C, 1, 1] | stages.i.blocks.b.gamma [C] | stages.i.b.gamma [C] |
/// | classifier.0 and .2 | head.norm and head.fc | norm and head |
extension ConvNeXt: HasPublishedNames {
  /// Our name for timm's or the authors' one.
  public func ownName(of published: String) -> String { Self.ownName(of: published) }

  static func ownName(of published: String) -> String {
    var parts = published.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let last = parts.removeLast()
    switch parts.first {
    case "stem" where parts.count == 2: return "features.0.\(parts[1]).\(last)"
    case "norm" where parts.count == 1: return "classifier.0.\(last)"
    case "head":
      let layer = ["norm": 0, "fc": 2][parts.count == 2 ? parts[1] : "fc"]
      return layer.map { "classifier.\($0).\(last)" } ?? published
    case "downsample_layers" where parts.count == 3:
      return Int(parts[1]).map { "features.\(2 * $0).\(parts[2]).\(last)" } ?? published
    case "stages":
      guard parts.count > 2, let stage = Int(parts[1]) else { return published }
      if parts[2] == "downsample" {
        return "features.\(2 * stage).\(parts.dropFirst(3).joined(separator: ".")).\(last)"
      }
      let inner = parts[2] == "blocks" ? parts.dropFirst(3) : parts.dropFirst(2)
      guard let block = inner.first else { return published }
      let place = "features.\(2 * stage + 1).\(block)"
      if last == "gamma" { return "\(place).layer_scale" }
      return layers[inner.dropFirst().joined(separator: ".")].map { "\(place).block.\($0).\(last)" }
        ?? published
    default: return published
    }
  }

  /// The positions in a block of the layers that have names elsewhere.
  private static let layers = [
    "conv_dw": 0, "dwconv": 0, "norm": 2, "mlp.fc1": 3, "pwconv1": 3, "mlp.fc2": 5, "pwconv2": 5,
  ]
}
