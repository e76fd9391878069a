// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "08_googlenet",
  products: [
    .executable(name: "train", targets: ["TrainGooglenet"]),
    .executable(name: "evaluate", targets: ["EvaluateGooglenet"]),
  ],
  dependencies: [.package(name: "SharedCore", path: "../..")],
  targets: [
    .target(
      name: "Googlenet",
      dependencies: [
        .product(name: "Backbones", package: "SharedCore"),
        .product(name: "DataUtils", package: "SharedCore"),
        .product(name: "Engine", package: "SharedCore"),
        .product(name: "Runner", package: "SharedCore"), .product(name: "Utils", package: "SharedCore"),
      ]),
    .executableTarget(name: "TrainGooglenet", dependencies: ["Googlenet"]),
    .executableTarget(name: "EvaluateGooglenet", dependencies: ["Googlenet"]),
    .testTarget(
      name: "GooglenetTests",
      dependencies: ["Googlenet", .product(name: "ModelTesting", package: "SharedCore")]),
  ]
)
