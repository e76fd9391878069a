import Backbones
import Engine
import Utils

/// One ResNet-50 that looks at the three pictures one after the other: 60 % fewer numbers than three.
///
/// Weights are shared as in Bromley, Guyon, LeCun, Säckinger and Shah, "Signature Verification Using a Siamese Time Delay
/// Neural Network", 1993. 30,771,653 parameters. Each picture is a batch of its own to the norms.
public final class SharedBackboneResNet50: CaptionNetwork {
  /// What it was built from.
  public let configuration: CaptionConfiguration
  let backbone: ResNet
  let spatial_proj, font_proj, fusion_mlp: Sequential

  /// A network with random weights.
  public init(
    _ configuration: CaptionConfiguration = CaptionConfiguration(), using random: inout RandomStream
  ) {
    self.configuration = configuration
    backbone = .resNet50(classes: nil, using: &random)
    spatial_proj = CaptionParts.spatialProjection(configuration, using: &random)
    font_proj = CaptionParts.fontProjection(configuration, using: &random)
    fusion_mlp = CaptionParts.fusion(images: 3, configuration, using: &random)
  }

  /// The one that looks at all pictures.
  public var backbones: [any Module] { [backbone] }

  /// Logits [N, 5] of three pictures [N, 3, H, W], place [N, 6] and font [N, 512].
  public func callAsFunction(_ inputs: [Tensor]) -> Tensor {
    let features = inputs[..<3].map { backbone($0) } + [spatial_proj(inputs[3]), font_proj(inputs[4])]
    return fusion_mlp(concatenate(features, along: 1))  // [N, 6400] to [N, 5]
  }

  /// The backbone stays as it is.
  public func freezeFeatures() { freeze("backbone.*") }

  /// The backbone learns again.
  public func unfreezeFeatures() { unfreeze("backbone.*") }
}
