import Foundation
import ModelTesting
import Testing
import Utils

@testable import Hopfield

/// Every row of the table through the program that people run, and the bands of those that need no download.
@Suite struct ExperimentsTests {
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
    let results = try train(["--experiment", name])
    #expect(results["within_band"] == true, "\(results["metrics"]?.text() ?? "no result")")
  }

  @Test(
    .enabled(if: realData != nil, "no MNIST: set LAB_DATA"),
    arguments: ["mnist-017", "mnist-all", "digits-3v8"])
  func reachesWhatIsExpectedOfImages(name: String) throws {
    let results = try train(["--experiment", name, "--data-root", try #require(realData)])
    #expect(results["within_band"] == true, "\(results["metrics"]?.text() ?? "no result")")
  }

  /// Beyond the capacity of Hebb's rule the others still hold.
  @Test(arguments: ["rule=storkey", "rule=pseudoinverse", "era=modern"])
  func othersHoldMoreThanHebb(word: String) throws {
    let results = try train(["--experiment", "overload", word])
    #expect(results["within_band"] == false, "the band shows a weakness that this memory does not have")
    #expect(try #require(results["metrics"]?["overlap"]?.double) > 0.999)
  }

  @Test func bothErasAreJudgedFromTheirCheckpointsAlone() throws {
    for era in ["original", "modern"] {
      let folder = FileManager.default.temporaryDirectory.appending(path: "hopfield-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: folder) }
      let trained = try train(["--experiment", "letters", "era=\(era)"], in: folder)
      let output = folder.appending(path: "judged.json")
      _ = try run("evaluate", ["--checkpoint", "latest", "--output", output.path], in: folder)
      let judged = try JSONValue(parsing: Array(Data(contentsOf: output)))
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

  /// What `train` records, from a workspace that is gone afterwards.
  private func train(_ arguments: [String]) throws -> JSONValue {
    let folder = FileManager.default.temporaryDirectory.appending(path: "hopfield-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    return try train(arguments, in: folder)
  }

  private func train(_ arguments: [String], in folder: URL) throws -> JSONValue {
    try run("train", arguments, in: folder)
    let results = folder.appending(path: "models/04_hopfield/outputs/latest/results.json")
    return try JSONValue(parsing: Array(Data(contentsOf: results)))
  }

  private func run(_ program: String, _ arguments: [String], in folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: program)
    process.arguments = arguments + ["--log-level", "error"]
    process.environment = ProcessInfo.processInfo.environment.merging(["LAB_ROOT": folder.path]) { $1 }
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}

/// The folder with the published data sets: LAB_DATA, else `shared/data` beside the repository; nil when there is none.
let realData: String? = {
  var repository = URL(fileURLWithPath: #filePath)
  for _ in 0..<5 { repository.deleteLastPathComponent() }
  let beside = repository.deletingLastPathComponent().appending(path: "shared/data").path
  return [ProcessInfo.processInfo.environment["LAB_DATA"], beside].compactMap(\.self)
    .first { FileManager.default.fileExists(atPath: $0 + "/mnist/train-images-idx3-ubyte.gz") }
}()
