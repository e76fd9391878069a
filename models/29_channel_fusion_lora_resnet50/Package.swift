// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "29_channel_fusion_lora_resnet50",
  products: [
    .executable(name: "train", targets: ["TrainChannelFusionLoRA"]),
    .executable(name: "evaluate", targets: ["EvaluateChannelFusionLoRA"]),
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
    .testTarget(
      name: "ChannelFusionLoRATests",
      dependencies: ["ChannelFusionLoRA", .product(name: "ModelTesting", package: "SharedCore")]),
  ]
)
