import CaptionData
import Captions
import Engine
import Utils

extension BenchCase {
  /// Three ResNet-50 on strips of 48 x 480 pixels, with place and font: two pairs of frames.
  static let captionTriple = caption("caption_triple", "triple_backbone_resnet50", operations: 70.892e9)

  /// One frozen ResNet-50 with adapters of rank 16 around its 53 convolutions, on the same.
  static let captionLoRA = caption("caption_lora", "channel_fusion_lora_resnet50", operations: 17.865e9)

  private static func caption(_ name: String, _ architecture: String, operations: Double) -> BenchCase {
    let preparation = {
      @Sendable (height: Int, width: Int, optimizer: @escaping MakeOptimizer) -> Preparation in
      { random in
        var configuration = CaptionConfiguration()
        (configuration.height, configuration.width) = (height, width)
        let model: any CaptionNetwork
        do {
          model = try CaptionArchitectureRegistry.captions.network(
            architecture, configuration, using: &random)
        } catch { trap("\(error)") }
        let parts = model.inputs.parts.map { part in
          Tensor.normal(shape: Shape([2] + Array(part.shape)), using: &random)
        }
        let y = labels(2, below: CaptionLabel.allCases.count, using: &random)
        let optimizer = optimizer(model.parameters().filter { !$0.parameter.isFrozen })
        return training(optimizer) { crossEntropy(model(parts), y) }
      }
    }
    return BenchCase(
      name: name, batch: 2, operations: operations,
      // AdamW's first steps have the size of the rate even where a gradient is nothing but rounding.
      check: preparation(48, 96, sgd), prepare: preparation(48, 480, adamW))
  }
}
