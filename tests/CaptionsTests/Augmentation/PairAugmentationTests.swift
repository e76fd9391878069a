import CaptionData
import DataUtils
import Engine
import TestSupport
import Testing
import Utils

@testable import Captions

@Suite struct PairAugmentationTests {
  private var configuration: CaptionConfiguration {
    var configuration = CaptionConfiguration()
    (configuration.height, configuration.width) = (16, 96)
    return configuration
  }

  private func row(_ index: Int) throws -> [Float] {
    try Dataset.drawnPairs(5, configuration, seed: 3).sample(index)
  }

  private func changed(_ name: String, _ row: [Float], seed: UInt64 = 1) throws -> [Float] {
    let augmentation = try #require(try PairAugmentation(named: name, for: configuration.inputs))
    let shape: Shape = [row.count]
    var (row, random) = (row, RandomStream(seed: seed))
    var span = row.mutableSpan
    try augmentation.transform(&span, shape, &random)
    return row
  }

  private func part(_ row: [Float], _ name: String) throws -> [Float] {
    Array(row[try #require(configuration.inputs.range(of: name))])
  }

  /// Frames change, alike where they were alike; all else stays, and another seed gives another change.
  @Test(arguments: CaptionAugmentationRegistry.captions.names.filter { $0 != "none" })
  func bothFramesChangeAlike(_ name: String) throws {
    var row = try row(0)
    let layout = configuration.inputs
    let (one, other) = (
      try #require(layout.range(of: "frame1")), try #require(layout.range(of: "frame2"))
    )
    row.replaceSubrange(other, with: row[one])
    let after = try changed(name, row)
    #expect(try part(after, "frame1") == part(after, "frame2"))
    #expect(try part(after, "frame1") != part(row, "frame1"))
    for same in ["ocr_viz", "spatial_features", "font_embedding"] {
      #expect(try part(after, same) == part(row, same), "\(same)")
    }
    #expect(try changed(name, row) == after)
    #expect(try changed(name, row, seed: 2) != after)
    let (mean, deviation) = (Normalization.imageNet.means[0], Normalization.imageNet.deviations[0])
    #expect(try part(after, "frame1").prefix(16 * 96).allSatisfy { -1e-4...1.0001 ~= $0 * deviation + mean })
  }

  @Test func unknownNamesAreErrorsWithTheNearest() throws {
    #expect(try PairAugmentation(named: "none", for: configuration.inputs) == nil)
    expectLabError(mentioning: "no augmentation called", "did you mean light?") {
      try PairAugmentation(named: "lihgt", for: configuration.inputs)
    }
    expectLabError(mentioning: "changes pairs of frames") {
      try PairAugmentation(named: "light", for: configuration.inputs)?.size(of: [3, 8, 8])
    }
  }

  /// Every strategy is of colours and sharpness: none mirrors, turns or moves text.
  @Test func textStaysReadable() throws {
    for entry in CaptionAugmentationRegistry.captions.list {
      for step in entry.item.steps {
        let kind = step.json["kind"]?.string ?? ""
        #expect(
          ["color_jitter", "gaussian_blur", "jpeg_compression"].contains(kind), "\(entry.name): \(kind)")
      }
    }
  }
}
