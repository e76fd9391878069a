// swift-tools-version: 6.2
import PackageDescription

/// What the programs with the names of verbs need: the verbs.
let verbs: [Target.Dependency] = [.product(name: "Captions", package: "SharedCore")]

let package = Package(
  name: "29_channel_fusion_lora_resnet50",
  products: [
    .executable(name: "train", targets: ["TrainChannelFusionLoRA"]),
    .executable(name: "evaluate", targets: ["EvaluateChannelFusionLoRA"]),
    .executable(name: "infer", targets: ["CaptionInfer"]),
    .executable(name: "analyze", targets: ["CaptionAnalyze"]),
    .executable(name: "create-dataset", targets: ["CaptionCreateDataset"]),
    .executable(name: "list-models", targets: ["CaptionListModels"]),
    .executable(name: "rank-uncertain", targets: ["CaptionRankUncertain"]),
  ],
  dependencies: [.package(name: "SharedCore", path: "../..")],
  targets: [
    .target(
      name: "ChannelFusionLoRA",
      dependencies: [
        .product(name: "Captions", package: "SharedCore"), .product(name: "Runner", package: "SharedCore"),
      ]),
    .executableTarget(name: "TrainChannelFusionLoRA", dependencies: ["ChannelFusionLoRA"]),
    .executableTarget(name: "EvaluateChannelFusionLoRA", dependencies: ["ChannelFusionLoRA"]),
    .executableTarget(name: "CaptionInfer", dependencies: verbs),
    .executableTarget(name: "CaptionAnalyze", dependencies: verbs),
    .executableTarget(name: "CaptionCreateDataset", dependencies: verbs),
    .executableTarget(name: "CaptionListModels", dependencies: verbs),
    .executableTarget(name: "CaptionRankUncertain", dependencies: verbs),
    .testTarget(
      name: "ChannelFusionLoRATests",
      dependencies: [
        "ChannelFusionLoRA", .product(name: "CaptionData", package: "SharedCore"),
        .product(name: "ModelTesting", package: "SharedCore"),
      ]),
  ]
)
