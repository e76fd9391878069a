import Captions
import Runner

/// The network and the table of experiments, which all caption networks share.
public let sharedBackboneCatalog = ModelCatalog.captions(
  folder: "28_shared_backbone_resnet50", title: "One ResNet-50 for three pictures (Bromley et al. 1993)",
  architecture: "shared_backbone_resnet50")
