import Foundation
import TestSupport
import Testing

/// `lab data make`, `check`, `split` and `preview`, as a program of its own.
@Suite(.serialized) final class SteelCommandsTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "steel-commands-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func lab(_ arguments: String...) throws -> (code: Int32, output: String) {
    try runLab(["data"] + arguments, in: folder)
  }

  private func makeSteel() throws {
    let made = try lab(
      "make", "steel", "--count", "30", "--height", "32", "--width", "96", "--output", "steel")
    #expect(made.code == 0 && made.output.contains("30 strips of 32 x 96 lie in"), "\(made.output)")
  }

  @Test func aMadeSetIsCheckedAndDivided() throws {
    try makeSteel()
    let checked = try lab("check", "steel")
    #expect(checked.code == 0 && checked.output.contains("30 images"), "\(checked.output)")
    let split = try lab("split", "steel", "--output", "splits", "--strategy", "stratified_80_10_10")
    #expect(split.code == 0 && split.output.contains("DEFECT_3"))
    let lines = try String(contentsOf: folder.appending(path: "splits/train.txt"), encoding: .utf8)
    #expect(lines.split(separator: "\n").count == 24)
    #expect(try lab("check", "steel", "--splits", "splits", "--classes", "5").output.contains("NO_DEFECT"))
    try Data(lines.dropFirst(17).utf8).write(to: folder.appending(path: "splits/train.txt"))
    let damaged = try lab("check", "steel", "--splits", "splits")
    #expect(damaged.code == 1 && damaged.output.contains("leaves images out"))
  }

  @Test func faultsOfFilesAreSaidAndFail() throws {
    try makeSteel()
    try Data("{".utf8).write(to: folder.appending(path: "steel/ann/strip_000003.jpg.json"))
    try Data("x".utf8).write(to: folder.appending(path: "steel/img/strip_000004.jpg"))
    let checked = try lab("check", "steel")
    #expect(checked.code == 1 && checked.output.contains("29 images"))
    #expect(
      checked.output.contains(
        "1 annotation is malformed, and its image counts as without defects: strip_000003.jpg.json"))
    #expect(checked.output.contains("1 image cannot be read and is left out: strip_000004.jpg"))
    #expect(checked.output.contains("2 faults were found"))
  }

  @Test func aSheetShowsTheAugmentations() throws {
    try makeSteel()
    let shown = try lab("preview", "steel", "--samples", "2", "--preset", "heavy", "--output", "sheet")
    #expect(shown.code == 0, "\(shown.output)")
    for name in ["sheet.png", "sheet.svg"] {
      #expect(FileManager.default.fileExists(atPath: folder.appending(path: name).path))
    }
    let blackout = try lab(
      "preview", "steel", "--samples", "1", "--step", #"defect_blackout={"min_pixels":1}"#, "--step",
      "rotation=5", "--output", "other")
    #expect(blackout.code == 0, "\(blackout.output)")
  }

  @Test func whatIsWrongIsSaid() throws {
    try makeSteel()
    let again = try lab("make", "steel", "--output", "steel")
    #expect(again.code == 1 && again.output.contains("steel is there already"))
    #expect(try lab("make", "gold", "--output", "gold").output.contains("what can be made is steel"))
    let step = try lab("preview", "steel", "--step", "rotatoin=5")
    #expect(step.code == 2 && step.output.contains("did you mean rotation?"))
    #expect(try lab("check", "steel", "--height", "64").output.contains("32 x 96 pixels instead of 64 x 96"))
    #expect(try lab("check", "steel", "--height", "64", "--resize").code == 0)
    #expect(try lab("check", "steel", "--classes", "3").code == 2)
    #expect(try lab("check", "nowhere").output.contains("has no images"))
    #expect(try lab("split", "steel", "--output", "s", "--strategy", "random").code == 2)
  }
}
