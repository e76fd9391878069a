// swift-tools-version: 6.2
import PackageDescription

/// The hand-written backpropagation is a hot loop: optimised in debug builds too.
let fast: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "03_mlp",
  products: [
    .executable(name: "train", targets: ["TrainMultilayerPerceptron"]),
    .executable(name: "evaluate", targets: ["EvaluateMultilayerPerceptron"]),
  ],
  dependencies: [.package(name: "SharedCore", path: "../..")],
  targets: [
    .target(
      name: "MultilayerPerceptron",
      dependencies: [
        .product(name: "DataUtils", package: "SharedCore"), .product(name: "Engine", package: "SharedCore"),
        .product(name: "Runner", package: "SharedCore"), .product(name: "Utils", package: "SharedCore"),
      ], swiftSettings: fast),
    .executableTarget(name: "TrainMultilayerPerceptron", dependencies: ["MultilayerPerceptron"]),
    .executableTarget(name: "EvaluateMultilayerPerceptron", dependencies: ["MultilayerPerceptron"]),
    .testTarget(
      name: "MultilayerPerceptronTests",
      dependencies: ["MultilayerPerceptron", .product(name: "ModelTesting", package: "SharedCore")]),
  ]
)
