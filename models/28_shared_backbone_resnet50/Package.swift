// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "28_shared_backbone_resnet50",
  products: [
    .executable(name: "train", targets: ["TrainSharedBackbone"]),
    .executable(name: "evaluate", targets: ["EvaluateSharedBackbone"]),
  ],
  dependencies: [.package(name: "SharedCore", path: "../..")],
  targets: [
    .target(
      name: "SharedBackbone",
      dependencies: [
        .product(name: "Captions", package: "SharedCore"), .product(name: "Runner", package: "SharedCore"),
      ]),
    .executableTarget(name: "TrainSharedBackbone", dependencies: ["SharedBackbone"]),
    .executableTarget(name: "EvaluateSharedBackbone", dependencies: ["SharedBackbone"]),
    .testTarget(
      name: "SharedBackboneTests",
      dependencies: ["SharedBackbone", .product(name: "ModelTesting", package: "SharedCore")]),
  ]
)
