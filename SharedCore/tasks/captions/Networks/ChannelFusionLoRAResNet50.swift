import Backbones
import Engine
import Utils

/// Three pictures mixed into one before a single frozen ResNet-50, of which only low-rank adapters and norms learn.
///
/// Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2022, §4.1, around each of the 53 convolutions. 27,362,832
/// parameters of which 3,907,920 learn, at rank 16.
public final class ChannelFusionLoRAResNet50: CaptionNetwork {
  /// What it was built from.
  public let configuration: CaptionConfiguration
  let channel_fusion: Conv2d
  let backbone: ResNet
  let spatial_proj, font_proj, fusion_mlp: Sequential

  /// A network with random weights; those of the backbone are of use once trained ones have been loaded.
  ///
  /// Throws a `LabError` where a layer of the backbone cannot have such an adapter.
  public init(
    _ configuration: CaptionConfiguration = CaptionConfiguration(), using random: inout RandomStream
  ) throws {
    self.configuration = configuration
    channel_fusion = Conv2d(9, 3, kernel: 1, bias: false, using: &random)
    channel_fusion.initialize { _, shape in Self.fusionWeights(configuration.channelFusion, shape) }
    backbone = .resNet50(classes: nil, using: &random)
    try backbone.addAdapters(configuration.lora, to: ["*conv*", "*downsample.0"], using: &random)
    if !configuration.trainsNorms { backbone.freeze("*bn*", "*downsample.1.*") }
    spatial_proj = CaptionParts.spatialProjection(configuration, using: &random)
    font_proj = CaptionParts.fontProjection(configuration, using: &random)
    fusion_mlp = CaptionParts.fusion(images: 1, configuration, using: &random)
  }

  /// The one that looks at the mixed picture.
  public var backbones: [any Module] { [backbone] }

  /// Logits [N, 5] of three pictures [N, 3, H, W], place [N, 6] and font [N, 512].
  public func callAsFunction(_ inputs: [Tensor]) -> Tensor {
    let picture = channel_fusion(concatenate(Array(inputs[..<3]), along: 1))  // [N, 9, H, W] to [N, 3, H, W]
    let features = [backbone(picture), spatial_proj(inputs[3]), font_proj(inputs[4])]
    return fusion_mlp(concatenate(features, along: 1))  // [N, 2304] to [N, 5]
  }

  /// The adapters stay as they are.
  public func freezeFeatures() { freeze("*lora_*") }

  /// The adapters learn again; what they stand around never does.
  public func unfreezeFeatures() { unfreeze("*lora_*") }

  /// [3, 9, 1, 1] of thirds: everywhere, or where the colours agree.
  private static func fusionWeights(_ fusion: CaptionConfiguration.ChannelFusion, _ shape: Shape) -> Tensor {
    let weights = (0..<27).map { place -> Float in
      let (output, input) = (place / 9, place % 9)
      return fusion == .all || input % 3 == output ? 1.0 / 3 : 0
    }
    return Tensor(weights, shape: shape)
  }
}
