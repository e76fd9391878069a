import Backbones
import Engine
import Utils

/// Three ResNet-50, one for each picture, whose features are joined with those of place and font.
///
/// He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", 2016, for the backbones. 77,787,717 parameters.
public final class TripleBackboneResNet50: CaptionNetwork {
  /// What it was built from.
  public let configuration: CaptionConfiguration
  let ocr_backbone, frame1_backbone, frame2_backbone: ResNet
  let spatial_proj, font_proj, fusion_mlp: Sequential

  /// A network with random weights.
  public init(
    _ configuration: CaptionConfiguration = CaptionConfiguration(), using random: inout RandomStream
  ) {
    self.configuration = configuration
    ocr_backbone = .resNet50(classes: nil, using: &random)
    frame1_backbone = .resNet50(classes: nil, using: &random)
    frame2_backbone = .resNet50(classes: nil, using: &random)
    spatial_proj = CaptionParts.spatialProjection(configuration, using: &random)
    font_proj = CaptionParts.fontProjection(configuration, using: &random)
    fusion_mlp = CaptionParts.fusion(images: 3, configuration, using: &random)
  }

  /// The three that look at the pictures.
  public var backbones: [any Module] { [ocr_backbone, frame1_backbone, frame2_backbone] }

  /// Logits [N, 5] of three pictures [N, 3, H, W], place [N, 6] and font [N, 512].
  public func callAsFunction(_ inputs: [Tensor]) -> Tensor {
    let features = [
      ocr_backbone(inputs[0]), frame1_backbone(inputs[1]), frame2_backbone(inputs[2]),  // [N, 2048] each
      spatial_proj(inputs[3]), font_proj(inputs[4]),  // [N, 128] each
    ]
    return fusion_mlp(concatenate(features, along: 1))  // [N, 6400] to [N, 5]
  }

  /// The three backbones stay as they are.
  public func freezeFeatures() { freeze("*_backbone.*") }

  /// The three backbones learn again.
  public func unfreezeFeatures() { unfreeze("*_backbone.*") }
}
