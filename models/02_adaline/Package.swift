// swift-tools-version: 6.2
import PackageDescription

/// The learning rule is a hot loop: optimised in debug builds too.
let fast: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "02_adaline",
  products: [
    .executable(name: "train", targets: ["TrainAdaline"]),
    .executable(name: "evaluate", targets: ["EvaluateAdaline"]),
  ],
  dependencies: [.package(name: "SharedCore", path: "../..")],
  targets: [
    .target(
      name: "Adaline",
      dependencies: [
        .product(name: "DataUtils", package: "SharedCore"), .product(name: "Engine", package: "SharedCore"),
        .product(name: "Plotting", package: "SharedCore"), .product(name: "Runner", package: "SharedCore"),
        .product(name: "Utils", package: "SharedCore"),
      ], swiftSettings: fast),
    .executableTarget(name: "TrainAdaline", dependencies: ["Adaline"]),
    .executableTarget(name: "EvaluateAdaline", dependencies: ["Adaline"]),
    .testTarget(
      name: "AdalineTests",
      dependencies: ["Adaline", .product(name: "ModelTesting", package: "SharedCore")]),
  ]
)
