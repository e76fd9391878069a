// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "09_resnet",
  products: [
    .executable(name: "train", targets: ["TrainResidualNetwork"]),
    .executable(name: "evaluate", targets: ["EvaluateResidualNetwork"]),
  ],
  dependencies: [.package(name: "SharedCore", path: "../..")],
  targets: [
    .target(
      name: "ResidualNetwork",
      dependencies: [
        .product(name: "Backbones", package: "SharedCore"),
        .product(name: "DataUtils", package: "SharedCore"),
        .product(name: "Engine", package: "SharedCore"),
        .product(name: "Plotting", package: "SharedCore"),
        .product(name: "Runner", package: "SharedCore"), .product(name: "Utils", package: "SharedCore"),
      ]),
    .executableTarget(name: "TrainResidualNetwork", dependencies: ["ResidualNetwork"]),
    .executableTarget(name: "EvaluateResidualNetwork", dependencies: ["ResidualNetwork"]),
    .testTarget(
      name: "ResidualNetworkTests",
      dependencies: [
        "ResidualNetwork", .product(name: "Backbones", package: "SharedCore"),
        .product(name: "DataUtils", package: "SharedCore"), .product(name: "Engine", package: "SharedCore"),
        .product(name: "ModelTesting", package: "SharedCore"), .product(name: "Utils", package: "SharedCore"),
      ]),
  ]
)
