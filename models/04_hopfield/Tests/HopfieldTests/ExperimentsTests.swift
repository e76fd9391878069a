import Foundation
import ModelTesting
import Testing
import Tracking
import Utils

@testable import Hopfield

/// Every row of the table through the program that people run, and the bands of those that need no download.
@Suite struct ExperimentsTests {
  private let bench: ProgramBench

  init() throws { bench = try ProgramBench(for: hopfieldCatalog) }

  @Test func theCardSaysWhatTheProgramIs() throws {
    #expect(try CardCheck(of: hopfieldCatalog).problems == [])
  }

  @Test(arguments: hopfieldCatalog.experiments.map(\.name))
  func runsOnAFewPatterns(name: String) throws {
    #expect(try SmokeRun(name, of: hopfieldCatalog).problems == [])
  }

  @Test(arguments: [
    "letters", "shapes", "capacity", "overload", "similar-letters", "spurious", "convergence", "modern",
    "debug",
  ]) func reachesWhatIsExpected(name: String) throws {
    let results = try json(bench.train("--experiment", name).results)
    #expect(results["within_band"] == true, "\(results["metrics"]?.text() ?? "no result")")
  }

  @Test(
    .enabled(if: RealData.folder != nil, Comment(rawValue: RealData.missing)),
    arguments: ["mnist-017", "mnist-all", "digits-3v8"])
  func reachesWhatIsExpectedOfImages(name: String) throws {
    let run = try bench.train("--experiment", name, "--data-root", try #require(RealData.folder))
    let results = try json(run.results)
    #expect(results["within_band"] == true, "\(results["metrics"]?.text() ?? "no result")")
  }

  /// Beyond the capacity of Hebb's rule the others still hold.
  @Test(arguments: ["rule=storkey", "rule=pseudoinverse", "era=modern"])
  func othersHoldMoreThanHebb(word: String) throws {
    let results = try json(bench.train("--experiment", "overload", word).results)
    #expect(results["within_band"] == false, "the band shows a weakness that this memory does not have")
    #expect(try #require(results["metrics"]?["overlap"]?.double) > 0.999)
  }

  @Test func bothErasAreJudgedFromTheirCheckpointsAlone() throws {
    for era in ["original", "modern"] {
      let trained = try json(bench.train("--experiment", "letters", "era=\(era)").results)
      let output = bench.root.appending(path: "judged-\(era).json")
      let ending = try bench.run("evaluate", ["--checkpoint", "latest", "--output", output.path])
      #expect(ending.code == 0, "\(ending.errors)")
      let judged = try json(output)
      #expect(judged["metrics"] != nil && judged["metrics"] == trained["metrics"], "\(era)")
    }
  }

  @Test(arguments: [
    ("basic", "letters"), ("noise_robustness", "shapes"), ("capacity", "capacity"),
    ("convergence", "convergence"), ("mnist_0_1_7", "mnist-017"), ("similar_letters", "similar-letters"),
    ("similar_digits", "digits-3v8"), ("mnist_10", "mnist-all"), ("debug", "debug"),
  ]) func answersToEverySpelling(spelling: String, name: String) throws {
    #expect(try hopfieldCatalog.experiment(spelling).name == name)
  }
}
