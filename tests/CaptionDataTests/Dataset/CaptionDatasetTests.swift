import Foundation
import GRDB
import Images
import TestSupport
import Testing
import Utils

@testable import CaptionData

@Suite struct CaptionDatasetTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func made(_ storage: FrameStorage = .copied, name: String = "set") throws -> URL {
    let videos = folder.url.appending(path: "videos")
    if !FileManager.default.fileExists(atPath: videos.path) {
      try SyntheticVideoFolder(count: 2, segments: 12, seed: 21).make(at: videos)
    }
    var request = DatasetRequest(name: name, places: [videos.path])
    request.frames = storage
    return try DatasetBuilder(request, in: folder.url).make().url
  }

  private func change(_ url: URL, _ sql: String, _ arguments: StatementArguments = []) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: url.path, configuration: configuration)
    try queue.write { try $0.execute(sql: sql, arguments: arguments) }
    try queue.close()
  }

  @Test func pairsAreWhatTheVideosShow() throws {
    let dataset = try CaptionDataset(made())
    let videos = try (0..<2).map { try SyntheticVideo(number: $0, seed: 21, segments: 12) }
    let fit = CaptionFit(.adaptive)
    for (place, sample) in dataset.samples.enumerated() where place % 7 == 0 {
      let video = try #require(videos.first { $0.hash == sample.videoHash })
      let pair = try dataset.pair(place, fit: fit)
      #expect(
        pair.label == sample.label && pair.first.count == 3 * 480 * 48
          && pair.second.count == pair.first.count)
      #expect(pair.spatial == SpatialFeatures.values(video.layout))
      for (bytes, index) in [(pair.first, sample.first), (pair.second, sample.second)] {
        let expected = fit(video.frame(index), anchor: video.style.anchor).planes
        let difference = zip(bytes, expected).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        #expect(Double(difference) / Double(bytes.count) < 6)
        let hasText = try #require(video.segment(at: index)?.hasText as Bool?)
        let labels: [CaptionLabel] =
          index == sample.first ? [.emptyEmpty, .emptyValid] : [.emptyEmpty, .validEmpty]
        #expect(labels.contains(sample.label) == !hasText)
      }
      let drawing = OCRVisualization(video.boxes(), layout: video.layout).picture(.boundaries)
      let grey = fit(drawing, anchor: video.style.anchor)
      #expect(pair.visualization == grey.planes + grey.planes + grey.planes)
      #expect(abs(pair.font.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
    }
    for variant in OCRVariant.allCases {
      #expect(try dataset.pair(0, variant: variant).visualization.contains { $0 > 0 })
    }
    #expect(dataset.fontVersions == ["font-descriptor-512-v1.0"])
    #expect(dataset.fontEmbedding("nobody") == FontEmbedding.none)
    let counts = zip(dataset.labelCounts(of: .train), dataset.labelCounts(of: .val)).map { $0 + $1 }
    #expect(counts.reduce(0, +) == dataset.samples.count && dataset.indices(of: .test).isEmpty)
  }

  @Test func manyThreadsReadTheSame() throws {
    let dataset = try CaptionDataset(made())
    let alone = try (0..<20).map { try dataset.pair($0).first }
    #expect(try concurrentMap(20) { try dataset.pair($0).first } == alone)
  }

  @Test func framesByReferenceAreTheSameAndSmall() throws {
    let (copied, referring) = (try made(), try made(.byReference, name: "refs"))
    let (one, two) = (try CaptionDataset(copied), try CaptionDataset(referring))
    #expect(one.samples == two.samples && one.videos == two.videos)
    for place in stride(from: 0, to: one.samples.count, by: 9) {
      #expect(try one.pair(place).second == two.pair(place).second)
    }
    let check = try DatasetCheck(two)
    #expect(check.faults == [] && check.referenceCount == check.frameCount && check.frameCount > 50)
    let sizes = [copied, referring].map { InputFile.size($0) ?? 0 }
    #expect(sizes[1] < sizes[0] / 3)
  }

  @Test func theVerifierFindsChangedAndLostFrames() throws {
    let url = try made(.byReference)
    let video = folder.url.appending(path: "videos/video_0000/annotations.db")
    let sample = try #require(
      try CaptionDataset(url).samples.first {
        $0.videoHash == (try SyntheticVideo(number: 0, seed: 21, segments: 12).hash)
      })
    let other = Data(picture(480, 48).encodedJPEG())
    try change(
      video, "UPDATE cropped_frames SET image_data = ? WHERE frame_index = ?", [other, sample.first])
    var faults = try DatasetCheck(CaptionDataset(url)).faults
    #expect(
      faults.count == 1 && faults[0].contains("frame \(sample.first) of")
        && faults[0].contains("not what it was"))
    try FileManager.default.removeItem(at: video)
    faults = try DatasetCheck(CaptionDataset(url)).faults
    #expect(faults.count > 20 && faults.allSatisfy { $0.contains("does not exist; put it back") })
  }

  @Test func theVerifierFindsWhatIsNotTrue() throws {
    let url = try made()
    try change(url, "UPDATE training_datasets SET num_samples = 5, label_distribution = '{\"same\": 1}'")
    try change(url, "UPDATE training_frames SET image_data = 'x' WHERE id = 3")
    try change(url, "DELETE FROM training_ocr_visualizations WHERE variant = 'boundaries'")
    try change(url, "DELETE FROM training_frames WHERE id = 9")
    try change(url, "UPDATE ocr_visualizations SET video_hash = 'nobody' WHERE id = 1")
    let faults = try DatasetCheck(CaptionDataset(url)).faults
    for words in [
      "says it has 5 pairs", "1 pairs are same", "neither PNG nor JPEG", "is missing",
      "no OCR visualisation boundaries",
      "ocr_visualizations",
    ] {
      #expect(faults.contains { $0.contains(words) }, "\(words) in \(faults)")
    }
  }

  @Test func aMissingLabelIsNamed() throws {
    let url = try made()
    try change(url, "DELETE FROM training_samples WHERE label = 'different' AND split = 'train'")
    let dataset = try CaptionDataset(url)
    expectLabError(mentioning: "no train pair", "is different") { try dataset.requireEveryLabel(in: .train) }
    expectLabError(mentioning: "no test pair") { try dataset.requireEveryLabel(in: .test) }
  }

  @Test func whatIsNoDataSetIsRefused() throws {
    let video = try Annotated.complete(folder.url)
    expectLabError(mentioning: "is no data set of caption pairs") { try CaptionDataset(video.url) }
    #expect(!CaptionDataset.isDataset(video.url) && !CaptionDataset.isDataset(folder.url))
    let url = try made()
    #expect(CaptionDataset.isDataset(url))
    try change(url, "UPDATE font_embeddings SET embedding = x'0000'")
    expectLabError(mentioning: "not 512 numbers") { try CaptionDataset(url) }
    try change(url, "DELETE FROM font_embeddings")
    #expect(try CaptionDataset(url).fontVersions == [])
    try change(url, "DELETE FROM video_registry")
    expectLabError(mentioning: "a video that it does not know") { try CaptionDataset(url) }
    try change(url, "DELETE FROM training_samples")
    expectLabError(mentioning: "has no pairs") { try CaptionDataset(url) }
    try change(url, "DELETE FROM training_datasets")
    expectLabError(mentioning: "no data set in it") { try CaptionDataset(url) }
  }

  @Test func hostileValuesAreRefused() throws {
    let url = try made()
    try change(url, "UPDATE training_samples SET frame1_index = x'ffff' WHERE id = 1")
    expectLabError(mentioning: "a pair, number 1, that cannot be read") { try CaptionDataset(url) }
    try change(url, "UPDATE training_samples SET frame1_index = 1 WHERE id = 1")
    try change(url, "UPDATE training_datasets SET name = x'ff', description = 7, video_metadata = '['")
    let dataset = try CaptionDataset(url)
    #expect(dataset.name == "" && dataset.videos.values.allSatisfy { $0.layout == nil })
    try change(url, "UPDATE video_registry SET video_hash = x'ff' WHERE rowid = 1")
    expectLabError(mentioning: "a video without a hash") { try CaptionDataset(url) }
  }
}
