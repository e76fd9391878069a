import Backbones
import Engine
import Utils

extension BenchCase {
  /// ConvNeXt-Tiny on pictures of ImageNet's size.
  static let convNeXtTiny = classification(
    "convnext_t", batch: 4, inputs: [3, 224, 224], classes: 1000, operations: 106.817_1e9,
    small: (1, [3, 64, 64]), optimizer: adamW
  ) { ConvNeXt(.tiny, using: &$0) }

  /// ConvNeXt-Tiny with attention after each stage, on one wide picture of steel: four kinds of defects.
  static let convNeXtCBAMWide = classification(
    "convnext_cbam_wide", batch: 1, inputs: [3, 256, 1600], classes: 4, operations: 217.977_7e9,
    small: (1, [3, 32, 96]), optimizer: adamW
  ) { random in
    let parts = ConvNeXt(.tiny, using: &random).features.layers.map(\.layer)
    var layers: [any Layer] = []
    for (stage, channels) in [96, 192, 384, 768].enumerated() {
      layers += [parts[2 * stage], parts[2 * stage + 1], CBAM(channels, bias: true, using: &random)]
    }
    return Sequential(
      layers + [AdaptiveAvgPool2d(1), Flatten(), LayerNorm(768), Linear(768, 4, using: &random)])
  }
}
