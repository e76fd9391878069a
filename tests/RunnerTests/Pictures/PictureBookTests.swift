import DataUtils
import Foundation
import Testing

@testable import Engine
@testable import Runner

@Suite struct PictureBookTests {
  private let bench: Bench
  private var folder: URL { bench.root.appending(path: "pictures") }

  init() throws { bench = try Bench() }

  private func draw(_ name: String, epochs: Int = 2, draws: Bool = true) throws -> [URL] {
    let plan = try bench.plan(name)
    let network = try plan.network()
    let book = try PictureBook(plan, network, folder: folder, draws: draws)
    let history = (1...epochs).map { epoch in
      EpochReport(
        epoch: epoch, step: epoch,
        metrics: [
          Metric("train_loss", 1 / Double(epoch)), Metric("test_loss", 1), Metric("train_accuracy", 0.5),
          Metric("val_accuracy", 0.6),
        ], seconds: 0, totalSeconds: 0)
    }
    for report in history { _ = try book.epochEnded(report) }
    let fit = FitReport(
      position: TrainingPosition(epochs: epochs, steps: epochs), reason: "", converged: false,
      history: history, seconds: 0)
    return try book.finish(fit, plan.judgedParts.map { try Judgement(network, plan, on: $0) })
  }

  /// The pictures of each kind, which are not empty, and are what their names say.
  private func check(_ written: [URL], are names: [String]) throws {
    #expect(written.map(\.lastPathComponent).sorted() == names.sorted())
    for url in written {
      let bytes = try Data(contentsOf: url)
      let start = url.pathExtension == "png" ? Data([0x89, 0x50, 0x4E, 0x47]) : Data("<".utf8)
      #expect(bytes.count > 500 && bytes.starts(with: start), "\(url.lastPathComponent)")
    }
  }

  @Test func everyKindForTwoFeatures() throws {
    let both = [
      "confusion_matrix", "decision_regions", "decision_regions_epochs", "decision_regions_opposite",
      "learning_curve", "loss_curve", "roc", "weights",
    ].flatMap { ["\($0).png", "\($0).svg"] }
    try check(draw("blobs"), are: both + ["decision_regions_animation.svg"])
  }

  @Test func weightsOfImagesAreImages() throws {
    let written = try draw("pictures")
    try check(
      written,
      are: ["confusion_matrix", "learning_curve", "loss_curve", "roc", "weights"].flatMap {
        ["\($0).png", "\($0).svg"]
      })
    let weights = try text(folder.appending(path: "weights.svg"))
    #expect(weights.contains("each at its pixel"))
  }

  @Test func oneEpochMakesNoSheet() throws {
    let names = try draw("xor", epochs: 1).map(\.lastPathComponent)
    #expect(names.contains("decision_regions.png") && !names.contains("decision_regions_epochs.png"))
  }

  @Test func manyEpochsFitOnOneSheet() throws {
    let written = try draw("xor", epochs: 60)
    let sheet = try text(
      try #require(written.first { $0.lastPathComponent == "decision_regions_epochs.svg" }))
    #expect(sheet.contains("epoch 1:") && !sheet.contains("epoch 2:"), "every second frame was dropped")
  }

  @Test func nothingIsDrawnUnlessItIsAskedFor() throws {
    #expect(try draw("blobs", draws: false).isEmpty)
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }

  @Test func aPlaneIsPaintedOnlyForTwoFeatures() throws {
    #expect(RegionPainter(try bench.plan("pictures").data, title: "") == nil)
    #expect(RegionPainter(try bench.plan("xor").data, title: "", part: .test) == nil, "there is no such part")
    #expect(RegionPainter(try bench.plan("xor").data, title: "") != nil)
  }
}
