import Foundation
import Runner
import Testing

@testable import MultilayerPerceptron

/// Every experiment through the program that people run: 32 samples, two epochs, then its files are looked for.
@Suite struct ExperimentTests {
  @Test(arguments: multilayerPerceptronCatalog.experiments.map(\.name))
  func trainsAndLeavesItsPictures(_ experiment: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "MultilayerPerceptron-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }

    let train = Process()
    train.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "train")
    train.arguments = [
      "--experiment", experiment, "--visualize", "limit=32", "epochs=2", "--output-dir", folder.path,
      "--log-level", "warning",
    ]
    train.environment = ProcessInfo.processInfo.environment.merging(["LAB_ROOT": folder.path]) { $1 }
    try train.run()
    train.waitUntilExit()
    #expect(train.terminationStatus == 0)

    let found = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    for plot in try multilayerPerceptronCatalog.experiment(experiment).plots {
      let picture = try #require(pictures[plot], "which file is \(plot)?")
      #expect(found.contains { $0.hasSuffix("visualizations/\(picture)") }, "\(picture) of \(experiment)")
    }
    #expect(found.contains { $0.hasSuffix("models/last.safetensors") })
  }

  private let pictures: [Experiment.Plot: String] = [
    .learningCurves: "learning_curve.png", .decisionRegions: "decision_regions.png",
    .confusionMatrix: "confusion_matrix.png", .weights: "weights.png", .roc: "roc.png",
  ]
}
