import Defects
import Foundation
import Testing
import Utils

@testable import SteelDefects

/// A set of strips on the disk, with a fault or two, through the programs that people run.
@Suite struct FolderRunTests {
  private let folder: URL

  /// Thirty strips, of which one cannot be read and one has no annotation.
  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "steel-runs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let strips = try StripFolder(SteelStrips(height: 32, width: 96, seed: 4), count: 30)
    try strips.make(at: folder.appending(path: "steel"))
    try Data("no picture".utf8).write(to: folder.appending(path: "steel/img/\(strips.name(3))"))
    try FileManager.default.removeItem(at: folder.appending(path: "steel/ann/\(strips.name(5)).json"))
  }

  /// What `program` says to `arguments`, and its exit code.
  private func run(_ program: String, _ arguments: String...) throws -> (code: Int32, output: String) {
    try run(program, arguments)
  }

  private func run(_ program: String, _ arguments: [String]) throws -> (code: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(["LAB_ROOT": folder.path]) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  private func train(_ words: String...) throws -> (code: Int32, output: String) {
    let fixed = [
      "--experiment", "severstal", "--no-wandb", "size=atto", "epochs=1", "data.image_size=[32, 96]",
      "data.img_dir=steel/img", "experiment.save_dir=runs",
    ]
    return try run("train", fixed + words)
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
    let none = try run("predict", "nowhere.jpg", "--output-dir", "runs")
    #expect(none.code == 2)
  }

  @Test func weightsThatNobodyPublishedAreNotPassedOverInSilence() throws {
    let run = try run(
      "train", "--experiment", "debug", "--no-wandb", "strips=20", "epochs=1", "model.pretrained=true")
    #expect(run.code == 2 || run.code == 1)
    #expect(
      run.output.contains("model.pretrained is true, and no published weights are known"), "\(run.output)")
  }
}
