// swift-tools-version: 6.2
import PackageDescription

/// Recall is a hot loop: optimised in debug builds too.
let fast: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "04_hopfield",
  products: [
    .executable(name: "train", targets: ["TrainHopfield"]),
    .executable(name: "evaluate", targets: ["EvaluateHopfield"]),
  ],
  dependencies: [.package(name: "SharedCore", path: "../..")],
  targets: [
    .target(
      name: "Hopfield",
      dependencies: [
        .product(name: "DataUtils", package: "SharedCore"), .product(name: "Engine", package: "SharedCore"),
        .product(name: "Plotting", package: "SharedCore"), .product(name: "Runner", package: "SharedCore"),
        .product(name: "Utils", package: "SharedCore"),
      ], swiftSettings: fast),
    .executableTarget(name: "TrainHopfield", dependencies: ["Hopfield"]),
    .executableTarget(name: "EvaluateHopfield", dependencies: ["Hopfield"]),
    .testTarget(name: "HopfieldTests", dependencies: ["Hopfield"]),
  ]
)
