import Adaline
import Foundation
import ModelTesting
import Testing
import Tracking
import Utils

/// Every row of the table through the programs that people run: its files, its pictures, and its band.
@Suite struct ExperimentsTests {
  private static let downloaded = ["mnist-0v1", "mnist", "fashion-mnist"]
  private static let included = adalineCatalog.experiments.map(\.name).filter { !downloaded.contains($0) }
  private let bench: ProgramBench

  init() throws { bench = try ProgramBench(for: adalineCatalog) }

  @Test(.enabled(if: RealData.folder != nil, Comment(rawValue: RealData.missing)))
  func theCardSaysWhatTheProgramIs() throws {
    #expect(try CardCheck(of: adalineCatalog, dataRoot: RealData.folder).problems == [])
  }

  @Test(arguments: included) func runsOnAFewRows(name: String) throws { try runOnAFewRows(name, []) }

  @Test(.enabled(if: RealData.folder != nil, Comment(rawValue: RealData.missing)), arguments: downloaded)
  func runsOnAFewImages(name: String) throws {
    try runOnAFewRows(name, ["--data-root", try #require(RealData.folder)])
  }

  private func runOnAFewRows(_ name: String, _ more: [String]) throws {
    let ending = try bench.run("train", ["--experiment", name, "--visualize", "limit=32", "epochs=2"] + more)
    #expect(ending.code == 0, "\(ending.errors)")
    let run = try RunFolder.find("latest", under: bench.outputs)
    for plot in try adalineCatalog.experiment(name).plots {
      let file = run.visualizations.appending(path: "\(plot.name).png")
      #expect(try Data(contentsOf: file).starts(with: [0x89, 0x50, 0x4E, 0x47]), "\(plot.name)")
    }
    #expect(try !Data(contentsOf: run.lastCheckpoint).isEmpty)
  }

  @Test(arguments: included) func reachesWhatIsExpected(name: String) throws {
    let results = try json(bench.train("--experiment", name).results)
    #expect(results["within_band"] == true, "\(results["metrics"]?.text() ?? "no result")")
  }

  /// The other methods reach the same bands.
  @Test(arguments: ["iris-easy", "noisy-linear", "xor", "digits", "debug"], ["batch", "exact"])
  func reachesItByEveryMethod(name: String, method: String) throws {
    let results = try json(bench.train("--experiment", name, "method=\(method)").results)
    #expect(results["within_band"] == true, "\(results["metrics"]?.text() ?? "no result")")
  }

  @Test(.enabled(if: RealData.folder != nil, Comment(rawValue: RealData.missing)))
  func zerosAgainstOnesOnEveryImage() throws {
    let run = try bench.train(
      "--experiment", "mnist-0v1", "era=modern", "--data-root", try #require(RealData.folder))
    let results = try json(run.results)
    #expect(results["count"] == 2115 && results["within_band"] == true)
  }

  @Test func theErasAreTheDeltaRuleAndLinearAlgebra() throws {
    func config(_ words: String...) throws -> String {
      try bench.run("train", ["--experiment", "iris-easy", "--print-config"] + words).output
    }
    #expect(try config("era=original").contains("  method: sample\n"))
    let modern = try config("era=modern")
    #expect(modern.contains("  method: exact\n") && modern.contains("  epochs: 1\n"))
    #expect(try config("method=batch").contains("  learning_rate: 0.5\n"))
  }

  @Test func theFirstUpdatesOnTheBlackboard() throws {
    let told = try bench.run("train", ["--experiment", "iris-hard", "--explain", "2", "epochs=1"]).output
    #expect(told.components(separatedBy: "output      y = w x + b").count == 3)
    let refused = try bench.run("train", ["--experiment", "iris-hard", "--explain", "2", "method=exact"])
    #expect(refused.code == 2 && refused.errors.contains("cannot be told step by step"))
  }

  @Test func aRunIsJudgedAgainFromItsCheckpointAlone() throws {
    try bench.train("--experiment", "iris")
    let ending = try bench.run("evaluate", ["--checkpoint", "latest", "--visualize"])
    #expect(ending.code == 0 && ending.output.contains("as expected"), "\(ending.errors)")
  }

  @Test func aCheckpointOfOtherClasses() throws {
    try bench.train("--experiment", "iris-easy", "epochs=1")
    let ending = try bench.run("train", ["--experiment", "iris", "--load-checkpoint", "latest"])
    #expect(ending.code == 1 && ending.errors.contains("weight [1, 2] instead of [3, 4]"), "\(ending.errors)")
  }

  /// The spellings of the curriculum and of the first edition.
  @Test(arguments: [
    ("debug_small", "debug"), ("linear_2d_demo", "linear-separable"), ("debug_linear", "linear-separable"),
    ("noisy_linear_demo", "noisy-linear"), ("iris_strength_demo", "iris-easy"),
    ("mnist_strength_demo", "mnist-0v1"), ("mnist_subset", "mnist-0v1"), ("xor_limitation", "xor"),
    ("xor_problem", "xor"), ("iris_weakness_demo", "iris-hard"), ("delta_rule_demo", "simple-linear"),
    ("perceptron_comparison", "linear-separable"), ("convergence_study", "convergence-study"),
    ("iris_setosa_versicolor", "iris-easy"), ("iris_versicolor_virginica", "iris-hard"),
    ("circles_dataset", "circles"), ("moons", "moons"), ("mnist", "mnist"), ("iris", "iris"),
    ("digits", "digits"), ("fashion_mnist", "fashion-mnist"), ("NOISY_LINEAR", "noisy-linear"),
  ]) func answersToEverySpelling(spelling: String, name: String) throws {
    #expect(try adalineCatalog.experiment(spelling).name == name)
  }
}
