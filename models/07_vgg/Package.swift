// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "07_vgg",
  products: [
    .executable(name: "train", targets: ["TrainVgg"]),
    .executable(name: "evaluate", targets: ["EvaluateVgg"]),
  ],
  dependencies: [.package(name: "SharedCore", path: "../..")],
  targets: [
    .target(
      name: "Vgg",
      dependencies: [
        .product(name: "Backbones", package: "SharedCore"),
        .product(name: "DataUtils", package: "SharedCore"),
        .product(name: "Engine", package: "SharedCore"),
        .product(name: "Runner", package: "SharedCore"), .product(name: "Utils", package: "SharedCore"),
      ]),
    .executableTarget(name: "TrainVgg", dependencies: ["Vgg"]),
    .executableTarget(name: "EvaluateVgg", dependencies: ["Vgg"]),
    .testTarget(
      name: "VggTests",
      dependencies: ["Vgg", .product(name: "ModelTesting", package: "SharedCore")]),
  ]
)
