import Captions
import Runner

/// The network and the table of experiments, which all caption networks share.
public let channelFusionLoRACatalog = ModelCatalog.captions(
  folder: "29_channel_fusion_lora_resnet50",
  title: "A frozen ResNet-50 with low-rank adapters (Hu et al. 2022)",
  architecture: "channel_fusion_lora_resnet50")
