import Runner

extension ModelCatalog {
  /// The package of the network called `architecture`, one of `CaptionArchitectureRegistry.captions`.
  ///
  /// Throws a `LabError` for an unknown name, with the known ones.
  public static func captions(of architecture: String) throws -> ModelCatalog {
    _ = try CaptionArchitectureRegistry.captions.get(architecture)
    switch architecture {
    case "triple_backbone_resnet50":
      return captions(
        folder: "27_triple_backbone_resnet50", title: "Three ResNet-50 for captions (He et al. 2016)",
        architecture: architecture)
    case "shared_backbone_resnet50":
      return captions(
        folder: "28_shared_backbone_resnet50",
        title: "One ResNet-50 for three pictures (Bromley et al. 1993)",
        architecture: architecture)
    default:
      return captions(
        folder: "29_channel_fusion_lora_resnet50",
        title: "A frozen ResNet-50 with low-rank adapters (Hu et al. 2022)", architecture: architecture)
    }
  }
}
