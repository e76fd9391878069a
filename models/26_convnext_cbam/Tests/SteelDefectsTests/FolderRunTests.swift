import Defects
import Foundation
import ModelTesting
import Testing
import Utils

@testable import SteelDefects

/// A set of strips on the disk, with a fault or two, through the programs that people run.
@Suite struct FolderRunTests {
  private let bench: ProgramBench
  private var folder: URL { bench.root }

  /// Thirty strips, of which one cannot be read and one has no annotation.
  init() throws {
    bench = try ProgramBench(for: steelDefectsCatalog)
    let folder = bench.root
    let strips = try StripFolder(SteelStrips(height: 32, width: 96, seed: 4), count: 30)
    try strips.make(at: folder.appending(path: "steel"))
    try Data("no picture".utf8).write(to: folder.appending(path: "steel/img/\(strips.name(3))"))
    try FileManager.default.removeItem(at: folder.appending(path: "steel/ann/\(strips.name(5)).json"))
  }

  /// What `program` says to `arguments`, and its exit code.
  private func run(_ program: String, _ arguments: String...) throws -> (code: Int32, output: String) {
    let ending = try bench.run(program, arguments)
    return (ending.code, ending.output + ending.errors)
  }

  private func train(_ words: String...) throws -> (code: Int32, output: String) {
    let fixed = [
      "--experiment", "severstal", "--no-wandb", "size=atto", "epochs=1", "data.image_size=[32, 96]",
      "data.img_dir=steel/img", "experiment.save_dir=runs",
    ]
    let ending = try bench.run("train", fixed + words)
    return (ending.code, ending.output + ending.errors)
  }

  @Test func faultsAreToldAndTheSplitIsKeptAndTakenAgain() throws {
    let run = try train("data.ann_dir=steel/ann")
    try #require(run.code == 0, "\(run.output)")
    #expect(run.output.contains("1 image cannot be read and is left out: strip_000003.jpg"))
    #expect(run.output.contains("1 image has no annotation and counts as without defects"))
    #expect(run.output.contains("--output-dir runs"), "the run is found where the configuration put it")
    let latest = folder.appending(path: "runs/latest").resolvingSymlinksInPath()
    let names = try ["train", "val", "test"].map {
      try String(contentsOf: latest.appending(path: "splits/\($0).txt"), encoding: .utf8).split(
        separator: "\n")
    }
    #expect(names.map(\.count) == [20, 4, 5] && Set(names.joined()).count == 29)
    let again = try train("data.ann_dir=steel/ann", "split_files=\(latest.path)/splits", "seed=7")
    try #require(again.code == 0, "\(again.output)")
    let taken = folder.appending(path: "runs/latest/splits/test.txt")
    #expect(try String(contentsOf: taken, encoding: .utf8).split(separator: "\n") == names[2])
  }

  @Test func annotationsThatLieElsewhereAreRefused() throws {
    let run = try train("data.ann_dir=steel/img")
    #expect(run.code == 1 && run.output.contains("none of 29 images has an annotation in steel/img"))
  }

  @Test func onePictureThatIsNotThereDoesNotStopTheRest() throws {
    try #require(try train("data.ann_dir=steel/ann").code == 0)
    let said = try run(
      "predict", "steel/img/strip_000000.jpg", "nowhere.jpg", "steel/img/strip_000003.jpg", "--output-dir",
      "runs", "--output", "answers.csv")
    #expect(said.code == 1 && said.output.contains("there is no picture \"nowhere.jpg\""), "\(said.output)")
    let lines = try String(contentsOf: folder.appending(path: "answers.csv"), encoding: .utf8)
      .split(separator: "\n")
    #expect(lines.count == 2 && lines[1].hasPrefix("steel/img/strip_000000.jpg,"))
    let drawn = try run(
      "predict", "steel/img/strip_000000.jpg", "--output-dir", "runs", "--visualize", "--drawings", "seen",
      "--output", "drawn.csv")
    #expect(drawn.code == 0, "\(drawn.output)")
    let table = try String(contentsOf: folder.appending(path: "drawn.csv"), encoding: .utf8)
    #expect(table.hasSuffix(",strip_000000.png\n"))
    let undrawn = try run("predict", "steel/img", "--output-dir", "runs", "--drawings", "seen")
    #expect(undrawn.code == 2 && undrawn.output.contains("add --visualize"))
    let none = try run("predict", "nowhere.jpg", "--output-dir", "runs")
    #expect(none.code == 2)
  }

  @Test func thresholdsAreToldAndStripsAreNotSquashedInSilence() throws {
    try #require(
      try train("data.ann_dir=steel/ann", "data.resize=true", "data.image_size=[32, 32]").code == 0)
    let said = try run(
      "predict", "steel/img/strip_000000.jpg", "--output-dir", "runs", "--threshold", "0.25", "--output",
      "answers.json")
    try #require(said.code == 0, "\(said.output)")
    #expect(said.output.contains("has 32 x 96 pixels (height x width) and is squashed to 32 x 32"))
    let answers = try JSONValue(
      parsing: try String(contentsOf: folder.appending(path: "answers.json"), encoding: .utf8))
    #expect(answers["thresholds"]?["defect_1"] == 0.25 && answers["thresholds"]?.object?.count == 4)
    let wrong = try run("predict", "steel/img", "--output-dir", "runs", "--threshold", "1.5")
    #expect(wrong.code == 2 && wrong.output.contains("--threshold is 1.5"))
    let judged = try run(
      "evaluate", "--checkpoint", "latest", "--output-dir", "runs", "--save-predictions", "--output", "e.json"
    )
    try #require(judged.code == 0, "\(judged.output)")
    let rows = try String(contentsOf: folder.appending(path: "e.predictions.csv"), encoding: .utf8)
    #expect(rows.hasPrefix("index,file,actual,predicted,") && rows.contains(",strip_0000"))
  }

  @Test func weightsThatNobodyPublishedAreNotPassedOverInSilence() throws {
    let run = try run(
      "train", "--experiment", "debug", "--no-wandb", "strips=20", "epochs=1", "model.pretrained=true")
    #expect(run.code == 2 || run.code == 1)
    #expect(
      run.output.contains("model.pretrained is true, and no published weights are known"), "\(run.output)")
  }
}
