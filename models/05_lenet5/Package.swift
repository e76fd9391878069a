// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "05_lenet5",
  products: [
    .executable(name: "train", targets: ["TrainLeNet"]),
    .executable(name: "evaluate", targets: ["EvaluateLeNet"]),
  ],
  dependencies: [.package(name: "SharedCore", path: "../..")],
  targets: [
    .target(
      name: "LeNet",
      dependencies: [
        .product(name: "Backbones", package: "SharedCore"),
        .product(name: "DataUtils", package: "SharedCore"), .product(name: "Engine", package: "SharedCore"),
        .product(name: "Runner", package: "SharedCore"), .product(name: "Utils", package: "SharedCore"),
      ]),
    .executableTarget(name: "TrainLeNet", dependencies: ["LeNet"]),
    .executableTarget(name: "EvaluateLeNet", dependencies: ["LeNet"]),
    .testTarget(
      name: "LeNetTests",
      dependencies: ["LeNet", .product(name: "ModelTesting", package: "SharedCore")]),
  ]
)
