import Backbones
import CaptionData
import Engine
import Foundation
import Images
import TestSupport
import Testing
import Utils

@testable import Captions

/// A small CLIP encoder in a file: pictures of 32 x 32 pixels, 64 features.
func writeCLIP(to url: URL) throws {
  var (random, writer) = (RandomStream(seed: 5), SafetensorsWriter())
  let network = CLIPVisionEncoder(imageSize: 32, patch: 16, width: 64, depth: 1, heads: 1, using: &random)
  for (name, parameter) in network.parameters() {
    writer.add(name, floats: parameter.value.elements, shape: Array(parameter.shape))
  }
  try writer.write(to: url)
}

@Suite struct CLIPFontEncoderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A picture from the formula of Fixtures/clip/prepare.py.
  private func picture(_ width: Int, _ height: Int) -> DecodedImage {
    let pixels = (0..<width * height * 3).map { place in
      let (c, x, y) = (place % 3, place / 3 % width, place / 3 / width)
      return UInt8((7 * x + 13 * y + 50 * c + x * y / 5) % 256)
    }
    return DecodedImage(width: width, height: height, channels: 3, pixels: pixels)
  }

  @Test func picturesArePreparedAsByTransformers() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Fixtures/clip/prepared.json")
    let fixture = try JSONValue(parsing: Array(Data(contentsOf: url.standardizedFileURL)))
    let answers = try #require(fixture.array)
    #expect(answers.count == 5)
    for answer in answers {
      let (width, height) = (try #require(answer["width"]?.int), try #require(answer["height"]?.int))
      let ours = CLIPFontEncoder.prepared(picture(width, height), size: 224)
      #expect(ours.shape == [1, 3, 224, 224])
      let kept = stride(from: 0, to: ours.elements.count, by: 1009).map { Double(ours.elements[$0]) }
      let theirs = try #require(answer["numbers"]?.array).compactMap(\.double)
      #expect(kept.count == theirs.count)
      #expect(zip(kept, theirs).allSatisfy { abs($0 - $1) < 1e-5 }, "\(width) x \(height)")
    }
  }

  /// Fewer features than 512 have zeros behind them, and the version says which encoder it was.
  @Test func featuresBecomeAnEmbedding() throws {
    let url = folder.url.appending(path: "clip.safetensors")
    try writeCLIP(to: url)
    let encoder = try CLIPFontEncoder(contentsOf: url)
    let numbers = try encoder.embedding(of: picture(480, 48))
    #expect(
      numbers.count == 512 && numbers[..<64].contains { $0 != 0 } && numbers[64...].allSatisfy { $0 == 0 })
    #expect(try encoder.embedding(of: picture(480, 48)) == numbers)
    #expect(try encoder.embedding(of: picture(97, 31)) != numbers)
    #expect(encoder.version == "clip-vit-32-patch16-64x1-v1.0-fallback")
    let network = try CLIPVisionEncoder(contentsOf: url)
    let x = CLIPFontEncoder.prepared(picture(480, 48), size: 32)
    #expect(withMode(.evaluation) { network(x) }.elements == Array(numbers[..<64]))
  }

  @Test func aDataSetKeepsThemAndTheirVersion() throws {
    let (url, videos) = (
      folder.url.appending(path: "clip.safetensors"), folder.url.appending(path: "videos")
    )
    try writeCLIP(to: url)
    try SyntheticVideoFolder(count: 2, segments: 14, seed: 5).make(at: videos)
    let made = try runLab(
      ["captions", "create-dataset", "set", "videos", "--font-encoder", "clip.safetensors"], in: folder.url)
    #expect(made.code == 0, "\(made.output)")
    let set = try CaptionDataset(folder.url.appending(path: "datasets/set.db"))
    #expect(set.fontVersions == ["clip-vit-32-patch16-64x1-v1.0-fallback"])
    let hash = try #require(set.videos.keys.sorted().first)
    #expect(set.fontEmbedding(hash)[..<64].contains { $0 != 0 })
    let video = try VideoInputs(
      videos.appending(path: SyntheticVideoFolder.file(0)), fit: CaptionFit(), variant: .boundaries,
      encoder: try CLIPFontEncoder(contentsOf: url))
    #expect(video.font == set.fontEmbedding(video.facts.hash))
    let none = try runLab(
      ["captions", "create-dataset", "other", "videos", "--font-encoder", "videos"], in: folder.url)
    #expect(none.code == 1 && none.output.split(separator: "\n").count == 1, "\(none.output)")
  }
}
