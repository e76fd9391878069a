// swift-tools-version: 6.2
import PackageDescription

/// The learning rule is a hot loop: optimised in debug builds too.
let fast: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "01_perceptron",
  products: [
    .executable(name: "train", targets: ["TrainPerceptron"]),
    .executable(name: "evaluate", targets: ["EvaluatePerceptron"]),
  ],
  dependencies: [.package(name: "SharedCore", path: "../..")],
  targets: [
    .target(
      name: "Perceptron",
      dependencies: [
        .product(name: "DataUtils", package: "SharedCore"), .product(name: "Engine", package: "SharedCore"),
        .product(name: "Runner", package: "SharedCore"), .product(name: "Utils", package: "SharedCore"),
      ], swiftSettings: fast),
    .executableTarget(name: "TrainPerceptron", dependencies: ["Perceptron"]),
    .executableTarget(name: "EvaluatePerceptron", dependencies: ["Perceptron"]),
    .testTarget(
      name: "PerceptronTests",
      dependencies: ["Perceptron", .product(name: "ModelTesting", package: "SharedCore")]),
  ]
)
