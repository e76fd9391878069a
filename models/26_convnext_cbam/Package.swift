// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "26_convnext_cbam",
  products: [
    .executable(name: "train", targets: ["TrainSteelDefects"]),
    .executable(name: "evaluate", targets: ["EvaluateSteelDefects"]),
    .executable(name: "predict", targets: ["PredictSteelDefects"]),
    .executable(name: "validate", targets: ["ValidateSteelDefects"]),
  ],
  dependencies: [.package(name: "SharedCore", path: "../..")],
  targets: [
    .target(
      name: "SteelDefects",
      dependencies: [
        .product(name: "Backbones", package: "SharedCore"),
        .product(name: "DataUtils", package: "SharedCore"),
        .product(name: "Defects", package: "SharedCore"),
        .product(name: "Engine", package: "SharedCore"),
        .product(name: "Plotting", package: "SharedCore"),
        .product(name: "Runner", package: "SharedCore"), .product(name: "Utils", package: "SharedCore"),
      ]),
    .executableTarget(name: "TrainSteelDefects", dependencies: ["SteelDefects"]),
    .executableTarget(name: "EvaluateSteelDefects", dependencies: ["SteelDefects"]),
    .executableTarget(name: "PredictSteelDefects", dependencies: ["SteelDefects"]),
    .executableTarget(name: "ValidateSteelDefects", dependencies: ["SteelDefects"]),
    .testTarget(
      name: "SteelDefectsTests",
      dependencies: [
        "SteelDefects", .product(name: "Backbones", package: "SharedCore"),
        .product(name: "DataUtils", package: "SharedCore"), .product(name: "Defects", package: "SharedCore"),
        .product(name: "Engine", package: "SharedCore"),
        .product(name: "ModelTesting", package: "SharedCore"),
        .product(name: "Utils", package: "SharedCore"),
      ]),
  ]
)
