// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "27_triple_backbone_resnet50",
  products: [
    .executable(name: "train", targets: ["TrainTripleBackbone"]),
    .executable(name: "evaluate", targets: ["EvaluateTripleBackbone"]),
  ],
  dependencies: [.package(name: "SharedCore", path: "../..")],
  targets: [
    .target(
      name: "TripleBackbone",
      dependencies: [
        .product(name: "Captions", package: "SharedCore"), .product(name: "Runner", package: "SharedCore"),
      ]),
    .executableTarget(name: "TrainTripleBackbone", dependencies: ["TripleBackbone"]),
    .executableTarget(name: "EvaluateTripleBackbone", dependencies: ["TripleBackbone"]),
    .testTarget(
      name: "TripleBackboneTests",
      dependencies: ["TripleBackbone", .product(name: "ModelTesting", package: "SharedCore")]),
  ]
)
