import Captions
import Runner

/// The network and the table of experiments, which all caption networks share.
public let tripleBackboneCatalog = ModelCatalog.captions(
  folder: "27_triple_backbone_resnet50", title: "Three ResNet-50 for captions (He et al. 2016)",
  architecture: "triple_backbone_resnet50")
