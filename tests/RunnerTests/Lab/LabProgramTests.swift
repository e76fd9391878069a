import Foundation
import TestSupport
import Testing
import Tracking

/// `lab` on runs that were made here, as a program of its own.
@Suite(.serialized) struct LabProgramTests {
  private let bench: Bench
  private let first, second: RunFolder

  init() throws {
    bench = try Bench()
    first = try bench.train("--experiment", "blobs", "--tags", "early", "--seed", "1")
    second = try bench.train("--experiment", "blobs", "--epochs", "6", "--seed", "2")
  }

  private func lab(_ arguments: String...) throws -> (code: Int32, output: String) { try lab(arguments) }

  private func lab(_ arguments: [String]) throws -> (code: Int32, output: String) {
    try runLab(arguments, in: bench.root, environment: ["LAB_ROOT": bench.root.path, "NO_COLOR": "1"])
  }

  @Test func aMovedRunIsFoundOnceItsFolderWasNamed() throws {
    let target = bench.root.appending(path: first.url.lastPathComponent)
    try FileManager.default.moveItem(at: first.url, to: target)
    let lost = try lab("inspect", first.id)
    #expect(lost.code != 0 && lost.output.contains("lies neither in \(first.url.path)"), "\(lost.output)")
    #expect(try lab("inspect", target.path).code == 0)
    for words in [["inspect", first.id], ["show", first.id], ["export", first.id, "--format", "json"]] {
      let said = try lab(words)
      #expect(said.code == 0, "\(words): \(said.output)")
    }
    #expect(try lab("show", first.id).output.contains(target.path))
  }

  @Test func inspectSaysWhetherACheckpointIsAsItWasWritten() throws {
    let last = first.lastCheckpoint
    #expect(try lab("inspect", last.path).output.contains("agrees"))
    var bytes = try Data(contentsOf: last)
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: last)
    #expect(
      try lab("inspect", last.path).output.contains("is damaged: its numbers are not those that were written")
    )
  }

  @Test func listsShowsAndFindsRuns() throws {
    let runs = try lab("runs")
    #expect(runs.code == 0 && runs.output.contains(first.id) && runs.output.contains(second.id))
    let tagged = try lab("runs", "--tag", "early")
    #expect(tagged.output.contains(first.id) && !tagged.output.contains(second.id))
    let shown = try lab("show", first.id)
    for words in ["three-blobs", "early", "settings.epochs", "test_accuracy", "val_loss"] {
      #expect(shown.output.contains(words), "\(words)")
    }
    let best = try lab("best", "--experiment", "three-blobs", "--metric", "accuracy")
    #expect(best.code == 0 && best.output.contains("best run"))
  }

  @Test func comparesRunsSideBySide() throws {
    let difference = try lab("diff", first.id, second.id)
    #expect(difference.code == 0 && difference.output.contains("epochs"))
    #expect(difference.output.contains(first.id) && difference.output.contains(second.id))
    let pictures = try files(in: bench.root.appending(path: "outputs/diff"))
    #expect(pictures.map { ($0 as NSString).pathExtension } == ["png", "svg"])
  }

  @Test func inspectsAFileAndExportsARun() throws {
    let inspected = try lab("inspect", first.lastCheckpoint.path, "--statistics")
    for words in ["safetensors", "settings.learning_rate", "MADE BY RUN \(first.id)", "TENSORS", "F32"] {
      #expect(inspected.output.contains(words), "\(words)")
    }
    #expect(try lab("inspect", first.id).code == 0)
    let missing = try lab("inspect", "nothing.pth")
    #expect(missing.code == 2 && missing.output.contains("there is no file nothing.pth"))
    let table = try lab("export", first.id, "--format", "csv").output
    #expect(table.hasPrefix("step,epoch,") && table.contains("val_loss"))
    let file = bench.root.appending(path: "run.json")
    #expect(try lab("export", second.id, "--format", "json", "--output", file.path).code == 0)
    #expect(try json(file)["id"]?.string == second.id)
    let history = try lab("show", first.id, "--history", "val_loss")
    #expect(history.code == 0 && history.output.contains("STEP"))
    let rows = try lab("runs", "--experiment", "three-blobs", "--by-architecture")
    #expect(rows.code == 0 && rows.output.contains("DEVIATION"))
    #expect(try lab("runs", "--by-architecture").code == 2)
  }

  @Test func whatIsWrongIsSaid() throws {
    let unknown = try lab("show", "zzzzzz")
    #expect(unknown.code == 2 && unknown.output.contains(#"there is no run "zzzzzz""#))
    #expect(try lab("runs", "--status", "done").code == 2)
    #expect(try lab("nothing").code == 2)
    let model = try lab("gradcheck", "perceptron")
    #expect(model.code == 2 && model.output.contains(#"there is no model "perceptron""#))
  }

  /// One sentence with its remedy, as `train` says it.
  @Test(arguments: [
    (["show"], "Missing expected argument '<run>'; see swift run lab show --help."),
    (["export", "abc", "--format", "xml"], "swift run lab export --help."),
    (["mlflow", "push", "--bogus"], "swift run lab mlflow push --help."),
    (
      ["mlflow", "push", "latest", "--to", "foo"], "--to \"foo\" is no address of a server; give one such as"
    ),
    (
      ["onnx", "resnte18", "x.onnx"],
      "\"resnte18\" is no file, no run and no architecture; did you mean resnet18?"
    ),
    (["best", "--experiment", "three-blobz"], "has finished; did you mean three-blobs?"),
  ])
  func aWrongCommandLineIsOneSentence(arguments: [String], words: String) throws {
    let ended = try lab(arguments)
    #expect(ended.code == 2 && ended.output.hasPrefix("error: "))
    #expect(ended.output.hasSuffix(words + "\n") || ended.output.contains(words), "\(ended.output)")
    #expect(ended.output.count { $0 == "\n" } == 1 && !ended.output.contains("?."), "\(ended.output)")
  }

  @Test func runsOfNobodyAreNotListed() throws {
    let model = try #require(ExperimentDatabase(bench.workspace.database).runs().first?.model)
    let part = try lab("runs", "--model", String(model.dropFirst(3)))
    #expect(part.code == 0 && part.output.contains(first.id))
    for (flag, name, near) in [("--experiment", "three-blobz", "three-blobs"), ("--tag", "earl", "early")] {
      let none = try lab("runs", flag, name)
      #expect(none.code == 1 && none.output.contains("did you mean \(near)?"), "\(none.output)")
    }
    let unknown = try lab("runs", "--model", String(model.dropFirst(3).dropLast()) + "x")
    #expect(unknown.code == 1 && unknown.output.contains("did you mean \(model)?"), "\(unknown.output)")
  }

  @Test func countsArchitectures() throws {
    #expect(try lab("summary").output.contains("resnet50\n"))
    let counted = try lab("summary", "resnet18", "--depth", "1", "--input", "3x32x32")
    #expect(counted.code == 0 && counted.output.contains("  layer1  Sequential   64x8x8"))
    #expect(counted.output.contains("parameters     11,689,512") && !counted.output.contains("layer1.0"))
    let small = try lab("summary", "alexnet", "--input", "3x9x9")
    #expect(small.code == 2 && small.output.contains("alexnet does not take samples of 3x9x9: maxPool2d"))
    #expect(try lab("summary", "alexnet", "--input", "1x224x224").output.contains("the first of them 3"))
    #expect(try lab("summary", "alexnet", "--depth", "-1").code == 2)
    #expect(try lab("summary", "alexnet", "--experiment", "mnist").code == 2)
    let unknown = try lab("summary", "resnet19")
    #expect(unknown.code == 2 && unknown.output.contains("did you mean resnet18?"))
  }

  /// A model below `models` that is nothing but its card.
  private func addModel(_ folder: String, _ card: String) throws {
    let package = bench.root.appending(path: "models/\(folder)")
    try FileManager.default.createDirectory(at: package, withIntermediateDirectories: true)
    try Data().write(to: package.appending(path: "Package.swift"))
    try Data(card.utf8).write(to: package.appending(path: "card.yaml"))
  }

  @Test func listsModelsAndTellsTheirHistory() throws {
    try addModel("99_tiny", tinyCard)
    try addModel("98_older", tinyCard.replacing("2000", with: "1950").replacing("Tiny", with: "Older"))
    try addModel("97_damaged", "title: x")
    let models = try lab("models")
    #expect(models.code == 0 && models.output.contains("9 (three-blobs)"))
    #expect(models.output.contains("three-blobs finished") && models.output.contains("no run yet"))
    #expect(models.output.contains("97_damaged/card.yaml has no year"))
    let one = try lab("models", "older")
    #expect(
      one.code == 0
        && one.output.contains("experiments  three-blobs, two-rates, xor, pictures, questions, failing"))
    let history = try lab("timeline")
    let (older, tiny) = (history.output.range(of: "1950"), history.output.range(of: "2000"))
    #expect(try #require(older).lowerBound < #require(tiny).lowerBound)
    #expect(history.output.contains("cannot  The corners of xor are not."))
    #expect(history.output.contains("warning: 97_damaged/card.yaml has no year"))
  }

  @Test func comparisonsThatMakeNoSenseAreRefused() throws {
    try addModel("99_tiny", tinyCard)
    let unknown = try lab("compare", "--experiment", "xor", "--models", "99,98")
    #expect(unknown.code == 2 && unknown.output.contains(#"there is no model "98"; the models are 99_tiny"#))
    #expect(try lab("compare", "--experiment", "xor", "--models", ",").code == 2)
    let none = try lab("compare", "--experiment", "xor", "--models", "99", "--seeds", "0")
    #expect(none.code == 2 && none.output.contains("--seeds is 0"))
    let named = try lab("compare", "--experiment", "xor", "--models", "99", "--name", "../x")
    #expect(named.code == 2 && named.output.contains("cannot be called"))
    let nobody = try lab("compare", "--experiment", "chess")
    #expect(nobody.code == 2 && nobody.output.contains("no model has an experiment chess on its card"))
  }
}
