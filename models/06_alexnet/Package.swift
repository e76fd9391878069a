// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "06_alexnet",
  products: [
    .executable(name: "train", targets: ["TrainAlexnet"]),
    .executable(name: "evaluate", targets: ["EvaluateAlexnet"]),
  ],
  dependencies: [.package(name: "SharedCore", path: "../..")],
  targets: [
    .target(
      name: "Alexnet",
      dependencies: [
        .product(name: "Backbones", package: "SharedCore"),
        .product(name: "DataUtils", package: "SharedCore"),
        .product(name: "Engine", package: "SharedCore"),
        .product(name: "Runner", package: "SharedCore"), .product(name: "Utils", package: "SharedCore"),
      ]),
    .executableTarget(name: "TrainAlexnet", dependencies: ["Alexnet"]),
    .executableTarget(name: "EvaluateAlexnet", dependencies: ["Alexnet"]),
    .testTarget(
      name: "AlexnetTests",
      dependencies: ["Alexnet", .product(name: "ModelTesting", package: "SharedCore")]),
  ]
)
