import Foundation
import Runner

/// A short run of an experiment through the `train` that people use, for the tests of a model package: few samples, two
/// epochs, all pictures.
public struct SmokeRun {
  /// What is wrong: an exit code with the message, files and pictures that are missing; empty when all is well.
  public let problems: [String]
  /// Its data set is not on this machine, so that nothing was tried.
  public let isSkipped: Bool
  /// What `train` printed.
  public let output: String

  /// Runs `experiment`; the folder of the run is removed again.
  ///
  /// - Parameters:
  ///   - catalog: the model that has the experiment.
  ///   - samples: how many of each part are used.
  ///   - words: settings to change, such as `depth=8`.
  public init(
    _ experiment: String, of catalog: ModelCatalog, samples: Int = 32, _ words: [String] = []
  ) throws {
    let bench = try ProgramBench(for: catalog)
    // A study is cut to two values of each setting.
    let brief = try catalog.experiment(experiment).study == nil ? [] : ["--debug"]
    let ending = try bench.run(
      "train",
      ["--experiment", experiment, "--visualize", "limit=\(samples)", "epochs=2", "--log-level", "warning"]
        + brief + words,
      environment: ProcessInfo.processInfo.environment.filter { $0.key == "LAB_DATA" })
    output = ending.output + ending.errors
    isSkipped = ending.code != 0 && output.contains("lab data fetch")
    guard !isSkipped else {
      problems = []
      return
    }
    let found = (try? bench.contents())?.keys.map { "/\($0)" } ?? []
    let pictures = try catalog.experiment(experiment).plots.flatMap {
      ["visualizations/\($0.name).png", "visualizations/\($0.name).svg"]
    }
    let files = ["results.json", "report.html", "models/last.safetensors"] + pictures
    let missing = files.filter { file in !found.contains { $0.hasSuffix("/\(file)") } }
    problems =
      (ending.code == 0 ? [] : ["exit code \(ending.code): \(output)"]) + missing.map { "no \($0)" }
  }
}
