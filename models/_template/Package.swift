// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "_template",
  products: [
    .executable(name: "train", targets: ["TrainNewModel"]),
    .executable(name: "evaluate", targets: ["EvaluateNewModel"]),
  ],
  dependencies: [.package(name: "SharedCore", path: "../..")],
  targets: [
    .target(
      name: "NewModel",
      dependencies: [
        .product(name: "DataUtils", package: "SharedCore"), .product(name: "Engine", package: "SharedCore"),
        .product(name: "Runner", package: "SharedCore"), .product(name: "Utils", package: "SharedCore"),
      ]),
    .executableTarget(name: "TrainNewModel", dependencies: ["NewModel"]),
    .executableTarget(name: "EvaluateNewModel", dependencies: ["NewModel"]),
    .testTarget(
      name: "NewModelTests",
      dependencies: ["NewModel", .product(name: "ModelTesting", package: "SharedCore")]),
  ]
)
