// swift-tools-version: 6.2
import PackageDescription

/// The core is optimised in debug builds too: a plain `swift run train` is as fast as a release build.
let core: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// The functions of OpenMP that oneDNN shall find in the program (COneDNN/openmp.c), before those of a shared library.
let openMP = [
  "GOMP_parallel", "GOMP_barrier", "omp_get_max_threads", "omp_get_num_threads", "omp_get_thread_num",
  "omp_in_parallel",
].map { "--export-dynamic-symbol=\($0)" }

let package = Package(
  name: "SharedCore",
  products: [
    .library(name: "Utils", targets: ["Utils"]),
    .library(name: "Kernels", targets: ["Kernels"]),
    .library(name: "Engine", targets: ["Engine"]),
    .library(name: "Backbones", targets: ["Backbones"]),
    .library(name: "DataUtils", targets: ["DataUtils"]),
    .library(name: "Images", targets: ["Images"]),
    .library(name: "Plotting", targets: ["Plotting"]),
    .library(name: "Tracking", targets: ["Tracking"]),
    .library(name: "Weights", targets: ["Weights"]),
    .library(name: "Captions", targets: ["Captions"]),
    .library(name: "CaptionData", targets: ["CaptionData"]),
    .library(name: "Defects", targets: ["Defects"]),
    .library(name: "Runner", targets: ["Runner"]),
    .library(name: "ModelTesting", targets: ["ModelTesting"]),
    .executable(name: "lab", targets: ["Lab"]),
    .executable(name: "bench", targets: ["Bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    // systems: C libraries of the operating system, the thinnest shim that Swift can call, and our own loops in C
    .systemLibrary(name: "CCairo", path: "SharedCore/systems/CCairo", pkgConfig: "cairo"),
    .systemLibrary(name: "CCrypto", path: "SharedCore/systems/CCrypto", pkgConfig: "libcrypto"),
    .systemLibrary(name: "CSpng", path: "SharedCore/systems/CSpng", pkgConfig: "spng"),
    .systemLibrary(
      name: "CTurboJPEG", path: "SharedCore/systems/CTurboJPEG", pkgConfig: "libturbojpeg"),
    .systemLibrary(name: "CZlib", path: "SharedCore/systems/CZlib", pkgConfig: "zlib"),
    .target(
      name: "COneDNN", dependencies: ["CTeam"], path: "SharedCore/systems/COneDNN",
      cSettings: [.unsafeFlags(["-O2"])],
      linkerSettings: [.linkedLibrary("dnnl"), .unsafeFlags(openMP.flatMap { ["-Xlinker", $0] })]),
    .target(
      name: "CLAPACK", path: "SharedCore/systems/CLAPACK", cSettings: [.unsafeFlags(["-O2"])],
      linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(name: "CTeam", path: "SharedCore/systems/CTeam", cSettings: [.unsafeFlags(["-O2"])]),
    .target(
      name: "CVector", dependencies: ["CTeam"], path: "SharedCore/systems/CVector",
      cSettings: [
        .unsafeFlags(["-O3", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast", "-Wno-psabi"])
      ]),

    // the core; arrows point down
    .target(
      name: "Utils", dependencies: ["CCrypto", .product(name: "Logging", package: "swift-log")],
      path: "SharedCore/utils", swiftSettings: core),
    .target(
      name: "Kernels", dependencies: ["Utils", "COneDNN", "CTeam", "CVector"], path: "SharedCore/kernels",
      swiftSettings: core),
    .target(
      name: "Engine", dependencies: ["CLAPACK", "Kernels", "Utils"], path: "SharedCore/engine",
      swiftSettings: core),
    .target(
      name: "Backbones", dependencies: ["Engine", "Utils"], path: "SharedCore/backbones", swiftSettings: core),
    .target(
      name: "Weights", dependencies: ["Engine", "Utils", "CZlib"], path: "SharedCore/weights",
      swiftSettings: core),
    .target(
      name: "Images", dependencies: ["CSpng", "CTurboJPEG", "Utils"], path: "SharedCore/images",
      swiftSettings: core),
    .target(
      name: "DataUtils", dependencies: ["CDataResources", "Engine", "Images", "Utils", "CZlib"],
      path: "SharedCore/data_utils", exclude: ["Resources"], swiftSettings: core),
    .target(
      name: "CDataResources", path: "SharedCore/data_utils/Resources",
      exclude: [
        "breast-cancer.csv", "catalogue.json", "digits.csv", "iris.csv", "penguins.csv", "pretrained.json",
        "wine.csv",
      ]),
    .target(
      name: "Plotting", dependencies: ["Utils", "CCairo"], path: "SharedCore/plotting", swiftSettings: core),
    .target(
      name: "Tracking",
      dependencies: [
        "Utils", .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Yams", package: "Yams"),
      ],
      path: "SharedCore/tracking", swiftSettings: core),
    .target(
      name: "Defects", dependencies: ["CZlib", "DataUtils", "Engine", "Images", "Plotting", "Utils"],
      path: "SharedCore/tasks/defects", swiftSettings: core),
    .target(
      name: "Captions",
      dependencies: [
        "Backbones", "CaptionData", "DataUtils", "Engine", "Images", "Runner", "Tracking", "Utils", "Weights",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "SharedCore/tasks/captions", swiftSettings: core),
    .target(
      name: "CaptionData",
      dependencies: ["CCairo", "Images", "Utils", .product(name: "GRDB", package: "GRDB.swift")],
      path: "SharedCore/tasks/caption_data", swiftSettings: core),
    .target(
      name: "Runner",
      dependencies: [
        "DataUtils", "Engine", "Kernels", "Plotting", "Tracking", "Utils", "Weights",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ],
      path: "SharedCore/runner", exclude: ["Lab"], swiftSettings: core),
    .target(
      name: "ModelTesting", dependencies: ["DataUtils", "Runner", "Tracking", "Utils"],
      path: "SharedCore/model_testing", swiftSettings: core),
    .executableTarget(
      name: "Lab",
      dependencies: [
        "Backbones", "Captions", "DataUtils", "Defects", "Engine", "Plotting", "Runner",
        "Tracking", "Utils",
        "Weights",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "SharedCore/runner/Lab"),
    .executableTarget(
      name: "Bench",
      dependencies: [
        "Backbones", "CaptionData", "Captions", "Engine", "Kernels", "Ladder", "Tracking", "Utils",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "benchmarks", exclude: ["CTile", "Ladder", "peers"], swiftSettings: core),
    .target(
      name: "Ladder", dependencies: ["CTile", "Kernels", "Utils"], path: "benchmarks/Ladder",
      swiftSettings: core),
    .target(
      name: "CTile", path: "benchmarks/CTile", cSettings: [.unsafeFlags(["-O3", "-ffp-contract=fast"])]),

    .target(name: "TestSupport", dependencies: ["Utils"], path: "tests/Support"),
    .testTarget(name: "UtilsTests", dependencies: ["Utils"], path: "tests/UtilsTests"),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels", "Utils"], path: "tests/KernelsTests"),
    .testTarget(
      name: "EngineTests", dependencies: ["Engine", "Kernels", "Utils"], path: "tests/EngineTests"),
    .testTarget(
      name: "PyTorchTests", dependencies: ["Backbones", "Engine", "Utils"], path: "tests/PyTorchTests",
      swiftSettings: core),
    .testTarget(
      name: "BackbonesTests", dependencies: ["Backbones", "Engine", "Utils", "Weights"],
      path: "tests/BackbonesTests"),
    .testTarget(
      name: "DataUtilsTests",
      dependencies: ["CZlib", "DataUtils", "Engine", "Images", "TestSupport", "Utils"],
      path: "tests/DataUtilsTests"),
    .testTarget(name: "ImagesTests", dependencies: ["Images", "Utils"], path: "tests/ImagesTests"),
    .testTarget(
      name: "WeightsTests", dependencies: ["CZlib", "Engine", "TestSupport", "Utils", "Weights"],
      path: "tests/WeightsTests"),
    .executableTarget(
      name: "Fuzzer",
      dependencies: [
        "CZlib", "CaptionData", "DataUtils", "Defects", "Engine", "Images", "Runner", "Utils", "Weights",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      path: "tests/Fuzzer"),
    .testTarget(name: "FuzzTests", dependencies: ["Fuzzer"], path: "tests/FuzzTests"),
    .testTarget(
      name: "LadderTests", dependencies: ["Kernels", "Ladder", "Utils"], path: "tests/LadderTests"),
    .testTarget(name: "PlottingTests", dependencies: ["Plotting"], path: "tests/PlottingTests"),
    .testTarget(name: "TrackingTests", dependencies: ["Tracking"], path: "tests/TrackingTests"),
    .testTarget(
      name: "CaptionsTests",
      dependencies: [
        "Backbones", "CaptionData", "Captions", "DataUtils", "Engine", "Runner", "TestSupport", "Utils",
        "Weights",
      ],
      path: "tests/CaptionsTests"),
    .testTarget(
      name: "CaptionDataTests",
      dependencies: [
        "CaptionData", "Images", "TestSupport", "Utils", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      path: "tests/CaptionDataTests"),
    .testTarget(
      name: "DefectsTests",
      dependencies: ["DataUtils", "Defects", "Engine", "Images", "Plotting", "TestSupport", "Utils"],
      path: "tests/DefectsTests"),
    .testTarget(
      name: "RunnerTests",
      dependencies: [
        "DataUtils", "Engine", "Plotting", "Runner", "TestSupport", "Tracking", "Utils", "Weights",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "tests/RunnerTests"),
  ]
)
