import Foundation
import Testing
import Utils

@testable import Tracking

@Suite struct WandBTrackerTests {
  private struct Written {
    var files: [String]
    var records: [ProtobufFields]
    var folder: URL

    func of(_ kind: WandBRecords.Kind) throws -> [ProtobufFields] {
      try records.flatMap { try $0.messages(kind.rawValue) }
    }
  }

  /// What a run leaves; `body` logs, and `check` looks at it before it is gone.
  private func record(
    _ settings: WandBSettings = WandBSettings(), _ outcome: RunOutcome = sampleOutcome(),
    _ body: (WandBTracker, RunFolder) throws -> Void = { _, _ in },
    check: (Written) throws -> Void
  ) throws {
    try withFolder { outputs in
      let folder = try RunFolder.create(under: outputs, experiment: "xor")
      let run = sampleRun(id: folder.id, tags: ["a"])
      let tracker = WandBTracker(settings)
      try tracker.runStarts(run, in: folder)
      try body(tracker, folder)
      try tracker.runEnds(outcome)
      let base = settings.folder?.appending(path: "wandb") ?? folder.wandb
      let names = try FileManager.default.contentsOfDirectory(atPath: base.path)
      #expect(names.count == 1 && names[0].hasPrefix("offline-run-20261121_"), "\(names)")
      let url = base.appending(path: names[0])
      let id = settings.runID ?? folder.id
      #expect(names[0].hasSuffix("-\(id)"))
      let records = try #require(
        wandbRecords(Array(Data(contentsOf: url.appending(path: "run-\(id).wandb")))))
      try check(
        Written(
          files: try FileManager.default.subpathsOfDirectory(atPath: url.path).sorted(),
          records: try records.map(ProtobufFields.init), folder: url))
    }
  }

  private func items(_ message: ProtobufFields) throws -> [String: String] {
    let pairs = try message.messages(1).map { (try #require($0.text(1)), try #require($0.text(16))) }
    #expect(pairs.count == Set(pairs.map(\.0)).count, "a key twice")
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  @Test func theRunHasItsNamesAndMailbox() throws {
    try record { written in
      #expect(written.records.compactMap { $0.int(1) } == Array(1...written.records.count))
      #expect(try written.records[0].messages(21).count == 1 && written.records[1].messages(17).count == 1)
      #expect(try written.records.last?.messages(18).count == 1)
      for record in written.records where record.bytes(17) != nil || record.bytes(18) != nil {
        #expect(try record.message(16).text(4)?.isEmpty == false, "or some clients wait for ever")
      }
      let run = try #require(try written.of(.run).first)
      #expect(run.text(3) == "01_perceptron" && run.text(6) == nil && run.text(7) == "train")
      #expect(run.text(8)?.hasPrefix("xor-") == true && run.all(10) == [Array("a".utf8)])
      #expect(try run.message(17).int(1) == 1_795_242_093 && run.message(17).int(2) == 250_000_000)
      #expect(try run.message(21).text(2) == "2f1a")
      let config = try items(run.message(4))
      #expect(config["epochs"] == "10" && config["seed"] == "42" && config["git_dirty"] == "true")
      #expect(config["optimizer"] == #"{"learning_rate":0.1,"name":"sgd"}"#)
    }
  }

  @Test func settingsNameTheRun() throws {
    try withFolder { elsewhere in
      var settings = WandBSettings()
      (settings.project, settings.entity, settings.name) = ("perceptrons", "we", "first")
      (settings.tags, settings.group, settings.runID, settings.folder) = (["x", "y"], "g", "own", elsewhere)
      try record(settings) { written in
        let run = try #require(try written.of(.run).first)
        #expect([1, 2, 3, 6, 8].map { run.text($0) } == ["own", "we", "perceptrons", "g", "first"])
        #expect(run.all(10) == [Array("x".utf8), Array("y".utf8)])
      }
    }
  }

  /// W&B renumbers a row whose step is not greater than the one before it.
  @Test func aStepIsOneRowWhateverIsLoggedForIt() throws {
    try record { tracker, _ in
      try tracker.log([("step_loss", 0.5)], step: 3, epoch: 1)
      try tracker.log([("train_loss", 0.25), ("step_loss", 0.4)], step: 3, epoch: 1)
      try tracker.log([("train_loss", .nan)], step: 6, epoch: 2)
      try tracker.log([("val_loss", -.infinity)], step: 5, epoch: 2)
      try tracker.log([("val_loss", .infinity)], step: 9, epoch: 3)
    } check: { written in
      let history = try written.of(.history)
      let rows = try history.map(items)
      #expect(rows.map { $0["_step"] } == ["3", "6", "9"])
      #expect(try history.map { try $0.message(2).int(1) } == [3, 6, 9])
      #expect(rows[0]["step_loss"] == "0.4" && rows[0]["train_loss"] == "0.25" && rows[0]["epoch"] == "1")
      #expect(rows[1]["train_loss"] == "NaN" && rows[1]["val_loss"] == "-Infinity")
      #expect(rows[2]["val_loss"] == "Infinity")
      for row in rows { #expect(row["_runtime"] != nil && row["_timestamp"] != nil) }
      let summary = try items(#require(try written.of(.summary).last))
      #expect(summary["train_loss"] == "NaN" && summary["all_accuracy"] == "0.75" && summary["_step"] == "9")
      #expect(summary["_wandb"] == #"{"runtime":2}"#)
      for file in ["files/config.yaml", "files/wandb-metadata.json", "files/wandb-summary.json"] {
        #expect(written.files.contains(file))
      }
    }
  }

  @Test func aPictureIsAFileBeforeItIsInARow() throws {
    try record { tracker, folder in
      try tracker.log([("loss", 1)], step: 4, epoch: 1)
      for name in ["curve.png", "curve.svg"] {
        try Data(samplePNG).write(to: folder.visualizations.appending(path: name))
        try tracker.artifact(Artifact(url: folder.visualizations.appending(path: name), kind: "picture"))
      }
    } check: { written in
      let place = "media/images/curve_4_\(SHA256.hex(of: samplePNG).prefix(20)).png"
      #expect(try Data(contentsOf: written.folder.appending(path: "files/\(place)")) == Data(samplePNG))
      let kinds = written.records.compactMap { record in [6, 2].first { record.bytes($0) != nil } }
      #expect(kinds == [6, 2], "the file, then the row")
      #expect(try written.of(.files)[0].message(1).text(1) == place)
      let row = try items(written.of(.history)[0])
      let value = try JSONValue(parsing: Array(#require(row["curve"]).utf8))
      #expect(value["_type"] == "image-file" && value["path"]?.string == place && value["width"] == 2)
    }
  }

  /// One version of the client deletes the file it is pointed at.
  @Test func theLastCheckpointIsStagedAsAModel() throws {
    let body = Array("weights".utf8)
    var checkpoint: URL?
    try record { tracker, folder in
      checkpoint = folder.lastCheckpoint
      for url in [folder.lastCheckpoint, folder.bestCheckpoint] {
        try Data(body).write(to: url)
        try tracker.artifact(Artifact(url: url, kind: "checkpoint", sha256: "ab"))
      }
    } check: { written in
      let artifacts = try written.of(.artifact)
      #expect(artifacts.count == 1)
      let artifact = artifacts[0]
      #expect(artifact.text(4) == "model" && artifact.text(5) == "01_perceptron-xor")
      #expect(artifact.all(11) == [Array("latest".utf8)] && artifact.int(14) == 1)
      let names = [artifact.text(15), artifact.text(16)].compactMap { $0 }
      #expect(Set(names).count == 2 && names.allSatisfy { $0.count == 128 })
      let entry = try artifact.message(12).message(4)
      // echo -n weights | md5sum | xxd -r -p | base64
      #expect(
        entry.text(1) == "last.safetensors" && entry.text(2) == "Y/Tx6bclNw9FlyBXXNX5Uw=="
          && entry.int(4) == 7)
      // printf 'wandb-artifact-manifest-v1\nlast.safetensors:Y/Tx...==\n' | md5sum
      #expect(artifact.text(6) == "6c7aef8957a17f747228137d304cb2f8")
      let staged = try #require(entry.text(6))
      #expect(staged.hasPrefix("/") && staged.contains("/staging/") && staged != checkpoint?.path)
      try FileManager.default.removeItem(atPath: staged)
      #expect(try Data(contentsOf: #require(checkpoint)) == Data(body))
    }
  }

  @Test func theConsoleIsKeptWithoutItsTimes() throws {
    try record { tracker, folder in
      let lines =
        "2026-11-21T06:21:33Z info epoch 1  loss 0.5\nof two lines\n2026-11-21T06:21:34Z warning look out\n"
      try Data(lines.utf8).write(to: folder.log)
    } check: { written in
      let output = try written.of(.output)
      #expect(output.map { $0.text(3) } == ["epoch 1  loss 0.5\n", "of two lines\n", "warning: look out\n"])
      #expect(try output[0].message(2).int(1) == 1_795_242_093)
      #expect(
        try text(written.folder.appending(path: "files/output.log"))
          == "epoch 1  loss 0.5\nof two lines\nwarning: look out\n")
    }
  }

  @Test func aFailureIsTold() throws {
    let outcome = RunOutcome(status: .failed, exitCode: 1, reason: "the loss became NaN", seconds: 3)
    try record(
      WandBSettings(), outcome,
      check: { written in
        let exit = try #require(try written.of(.exit).first)
        #expect(exit.int(1) == 1 && exit.int(2) == 3)
        let error = try #require(try written.of(.output).last)
        #expect(error.text(3) == "error: the loss became NaN\n" && error.int(1) == 0)
      })
  }

  @Test func aRunOfManyStepsIsLoggedInNoTime() throws {
    try record { tracker, _ in
      let seconds = try ContinuousClock().measure {
        for step in 1...2000 {
          try tracker.log([("train_loss", 1 / Double(step)), ("val_accuracy", 0.5)], step: step, epoch: step)
        }
      }
      print("2000 rows for W&B: \(seconds)")
      #expect(seconds < .seconds(5), "loose, for other tests run at the same time")
    } check: { written in
      let history = try written.of(.history)
      #expect(history.count == 2000)
    }
  }
}
