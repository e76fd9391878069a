import Foundation
import Testing
import Utils

@testable import Tracking

@Suite struct TensorBoardTrackerTests {
  private typealias Value = (step: Int, fields: ProtobufFields)

  /// The values of every record whose two checks are right.
  private func values(_ bytes: [UInt8]) throws -> (version: String?, values: [Value]) {
    func number(_ slice: ArraySlice<UInt8>) -> UInt64 { slice.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    func masked(_ slice: ArraySlice<UInt8>) -> UInt64 {
      let check = CRC32.castagnoli.check(slice)
      return UInt64((check >> 15 | check << 17) &+ 0xA282_EAD8)
    }
    var (version, found): (String?, [Value]) = (nil, [])
    var rest = bytes[...]
    while !rest.isEmpty {
      let start = rest.startIndex
      let length = Int(number(rest.prefix(8)))
      #expect(number(rest[(start + 8)..<(start + 12)]) == masked(rest.prefix(8)))
      let data = rest[(start + 12)..<(start + 12 + length)]
      #expect(number(rest[data.endIndex..<(data.endIndex + 4)]) == masked(data))
      let event = try ProtobufFields(Array(data))
      version = version ?? event.text(3)
      if event.bytes(5) != nil {
        found += try event.message(5).messages(1).map { (try #require(event.int(2)), $0) }
      }
      rest = rest[(data.endIndex + 4)...]
    }
    return (version, found)
  }

  private func record(_ body: (TensorBoardTracker, RunFolder) throws -> Void) throws -> [Value] {
    try withFolder { outputs in
      let folder = try RunFolder.create(under: outputs, experiment: "xor")
      let tracker = TensorBoardTracker()
      try tracker.runStarts(sampleRun(id: folder.id), in: folder)
      try body(tracker, folder)
      try tracker.runEnds(sampleOutcome(extra: [("val_loss", .nan)]))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.tensorboard.path)
      #expect(names.count == 1 && names[0].hasPrefix("events.out.tfevents.1795242093.h."))
      let read = try values(Array(Data(contentsOf: folder.tensorboard.appending(path: names[0]))))
      #expect(read.version == "brain.Event:2")
      return read.values
    }
  }

  @Test func scalarsComeBackWithTheirSteps() throws {
    let values = try record { tracker, _ in
      try tracker.log([("train_loss", 0.5), ("train_accuracy", 0)], step: 3, epoch: 1)
      try tracker.log([("train_loss", .infinity)], step: 6, epoch: 2)
    }
    let scalars = values.filter { $0.fields[2] != nil }
    #expect(scalars.map(\.step) == [3, 3, 6, 6, 6])
    #expect(
      scalars.map { $0.fields.text(1) } == [
        "train_loss", "train_accuracy", "train_loss", "summary/all_accuracy", "summary/val_loss",
      ])
    #expect(scalars.prefix(4).map { $0.fields.float(2) } == [0.5, 0, .infinity, 0.75])
    #expect(scalars[4].fields.float(2)?.isNaN == true)
  }

  @Test func settingsAndEndingStandForTheHParamsPage() throws {
    let values = try record { _, _ in }.filter { $0.fields[9] != nil }
    #expect(
      values.compactMap { $0.fields.text(1) } == [
        "_hparams_/session_start_info", "_hparams_/session_end_info",
      ])
    let plugins = try values.map { try $0.fields.message(9).message(1) }
    #expect(plugins.map { $0.text(1) } == ["hparams", "hparams"])
    let start = try plugins[0].message(2).message(3)
    let settings = try start.messages(1).map { ($0.text(1), try $0.message(2)) }
    #expect(settings.map(\.0) == ["epochs", "optimizer.learning_rate", "optimizer.name"])
    #expect(settings[0].1.double(2) == 10 && settings[1].1.double(2) == 0.1 && settings[2].1.text(3) == "sgd")
    #expect(try plugins[1].message(2).message(4).int(1) == 1)
  }

  @Test func aPictureIsTakenOnceAndWithItsSize() throws {
    let values = try record { tracker, folder in
      try tracker.log([("loss", 1)], step: 9, epoch: 1)
      for name in ["curve.png", "curve.svg"] {
        let url = folder.visualizations.appending(path: name)
        try Data(samplePNG).write(to: url)
        try tracker.artifact(Artifact(url: url, kind: "picture"))
      }
    }
    let images = values.filter { $0.fields[4] != nil }
    #expect(images.count == 1 && images[0].step == 9 && images[0].fields.text(1) == "curve")
    let image = try images[0].fields.message(4)
    #expect(image.int(1) == 1 && image.int(2) == 2 && image.int(3) == 1 && image.bytes(4) == samplePNG)
  }

  @Test func whatIsNoPictureIsRefusedWithASentence() throws {
    _ = try record { tracker, folder in
      let url = folder.visualizations.appending(path: "broken.png")
      try Data(samplePNG.prefix(20)).write(to: url)
      let error = try labError { try tracker.artifact(Artifact(url: url, kind: "picture")) }
      #expect(error.cause.contains("broken.png is no PNG picture"))
    }
  }

  @Test func histogramsAreBucketsWithUpperEdges() throws {
    let numbers: [Float] = [0, 1, 1, 4, .nan]
    let values = try record { tracker, _ in
      try tracker.histograms([Histogram("weights/w", of: numbers.span, bins: 4)], step: 2, epoch: 1)
    }
    let shown = values.filter { $0.fields[5] != nil }
    #expect(shown.count == 1 && shown[0].step == 2 && shown[0].fields.text(1) == "weights/w")
    let histogram = try shown[0].fields.message(5)
    #expect((1...5).map { histogram.double($0) } == [0, 4, 4, 6, 18])
    #expect(histogram.doubles(6) == [0, 1, 2, 3, 4] && histogram.doubles(7) == [0, 1, 2, 0, 1])
  }
}

/// A grey picture of 2 by 1 pixels.
let samplePNG: [UInt8] =
  [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  + [0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 2, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0xD1, 0x3B, 0x68, 0x5E]
  + [
    0, 0, 0, 11, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0x60, 0xF8, 0x0F, 0, 0x01, 0x02, 0x01, 0, 0x89,
    0x5C,
  ]
  + [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]
