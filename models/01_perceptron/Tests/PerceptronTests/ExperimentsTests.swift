import Engine
import Foundation
import ModelTesting
import Perceptron
import Runner
import Testing
import Tracking
import Utils

/// Every row of the table: that it runs and draws its pictures, and that it reaches what is expected of it.
@Suite struct ExperimentsTests {
  private static let downloaded = ["mnist-0v1", "mnist", "fashion-mnist"]
  private static let included = perceptronCatalog.experiments.map(\.name).filter { !downloaded.contains($0) }
  private let bench: ProgramBench

  init() throws { bench = try ProgramBench(for: perceptronCatalog) }

  @Test(.enabled(if: RealData.folder != nil, Comment(rawValue: RealData.missing)))
  func theCardSaysWhatTheProgramIs() throws {
    #expect(try CardCheck(of: perceptronCatalog, dataRoot: RealData.folder).problems == [])
  }

  @Test(arguments: included) func runsOnAFewRows(name: String) throws {
    // Regions can be painted for two features only.
    try runOnAFewRows(name, name == "iris" ? ["features=petal"] : [])
  }

  @Test(.enabled(if: RealData.folder != nil, Comment(rawValue: RealData.missing)), arguments: downloaded)
  func runsOnAFewImages(name: String) throws {
    try runOnAFewRows(name, ["--data-root", try #require(RealData.folder)])
  }

  private func runOnAFewRows(_ name: String, _ more: [String]) throws {
    let ending = try bench.run(
      "train", ["--experiment", name, "--visualize", "limit=32", "epochs=2"] + more)
    #expect(ending.code == 0, "\(ending.errors)")
    let run = try RunFolder.find("latest", under: bench.outputs)
    for file in [
      run.config, run.command, run.log, run.metricsLines, run.metricsTable, run.results, run.report,
      run.lastCheckpoint, run.bestCheckpoint,
    ] { #expect(try !Data(contentsOf: file).isEmpty, "\(file.lastPathComponent)") }
    for plot in try perceptronCatalog.experiment(name).plots {
      let png = try Data(contentsOf: run.visualizations.appending(path: "\(plot.name).png"))
      #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]) && png.count > 1000, "\(plot.name)")
      let svg = try text(run.visualizations.appending(path: "\(plot.name).svg"))
      #expect(svg.contains("<svg") && svg.hasSuffix("</svg>\n") || svg.hasSuffix("</svg>"), "\(plot.name)")
    }
    #expect(try json(run.results)["count"]?.int.map { (1...64).contains($0) } == true)
  }

  @Test(arguments: included) func reachesWhatIsExpected(name: String) throws {
    let results = try json(bench.train("--experiment", name).results)
    let experiment = try perceptronCatalog.experiment(name)
    #expect(results["band"]?.string == experiment.band.text)
    #expect(results["within_band"] == true, "\(results["metrics"]?.text() ?? "no result")")
  }

  /// Novikoff 1962: where a plane separates the classes, the rule makes finitely many mistakes.
  @Test(arguments: ["and", "or", "iris-easy", "iris-binary", "linear-separable", "debug"])
  func comesToAnEndWhereAPlaneSeparates(name: String) throws {
    let results = try json(bench.train("--experiment", name).results)
    #expect(results["reason"]?.string?.hasPrefix("no mistake in epoch") == true)
    #expect(results["metrics"]?["accuracy"] == 1.0)
  }

  @Test func irisHardNeverSettlesAndThePocketKeepsTheBest() throws {
    let results = try json(bench.train("--experiment", "iris-hard").results)
    #expect(results["reason"] == "100 epochs were asked for" && results["count"] == 100)
    let last = try #require(results["metrics"]?["accuracy"]?.double)
    let pocket = try #require(results["metrics"]?["pocket_accuracy"]?.double)
    #expect(pocket >= 0.9 && pocket >= last)
  }

  @Test func noPlaneTellsMoreThanThreeCornersOfXOR() throws {
    let results = try json(bench.train("--experiment", "xor").results)
    for name in ["accuracy", "pocket_accuracy"] {
      #expect(try #require(results["metrics"]?[name]?.double) <= 0.75)
    }
    #expect(results["reason"] == "1000 epochs were asked for")
  }

  @Test(.enabled(if: RealData.folder != nil, Comment(rawValue: RealData.missing)))
  func zerosAgainstOnesOnEveryImage() throws {
    let run = try bench.train("--experiment", "mnist_subset", "--data-root", try #require(RealData.folder))
    let results = try json(run.results)
    #expect(results["split"] == "test" && results["count"] == 2115)
    #expect(try #require(results["metrics"]?["accuracy"]?.double) >= 0.998)
    #expect(try text(run.config).contains("train: 12665"))
  }

  /// The spellings of the curriculum and of the first edition.
  @Test(arguments: [
    ("debug_small", "debug"), ("debug_linear", "linear-separable"), ("iris_binary", "iris-binary"),
    ("linear_separable", "linear-separable"), ("breast_cancer_binary", "breast-cancer"),
    ("xor_problem", "xor"), ("circles_dataset", "circles"), ("mnist_subset", "mnist-0v1"),
    ("iris_setosa_versicolor", "iris-easy"), ("iris_versicolor_virginica", "iris-hard"), ("and", "and"),
    ("or", "or"), ("moons", "moons"), ("mnist", "mnist"), ("iris", "iris"), ("digits", "digits"),
    ("fashion_mnist", "fashion-mnist"), ("IRIS_HARD", "iris-hard"),
  ]) func answersToEverySpelling(spelling: String, name: String) throws {
    #expect(try perceptronCatalog.experiment(spelling).name == name)
  }
}
