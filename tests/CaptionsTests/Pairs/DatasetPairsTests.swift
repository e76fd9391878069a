import CaptionData
import DataUtils
import Engine
import Foundation
import TestSupport
import Testing
import Utils

@testable import Captions

@Suite struct DatasetPairsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aDataSetAndItsVideosGiveTheSameInputs() throws {
    let (videos, size) = (folder.url.appending(path: "videos"), CaptionFit(width: 96, height: 16))
    try SyntheticVideoFolder(count: 2, segments: 14, seed: 5).make(at: videos)
    let request = DatasetRequest(name: "set", places: [videos.path])
    let set = try CaptionDataset(try DatasetBuilder(request, in: folder.url).make().url)
    var configuration = CaptionConfiguration()
    (configuration.width, configuration.height) = (96, 16)
    let inputs = PairInputs(size, .both)
    let splits = try DataSplits(set, inputs, configuration)
    #expect(splits.train.count + (splits.val?.count ?? 0) == set.samples.count)
    #expect(splits.train.classCounts == set.labelCounts(of: .train))
    #expect(
      splits.train.fingerprint != (try DataSplits(set, PairInputs(size), configuration)).train.fingerprint)

    let few = try DataSplits(set, inputs, configuration, limit: 20, seed: 1)
    #expect(abs(few.train.count - 20) <= 3 && few.train.classCounts.allSatisfy { $0 > 0 })
    #expect(few.val?.count == splits.val?.count && few.train.fingerprint != splits.train.fingerprint)
    #expect(few.train.labels == (try DataSplits(set, inputs, configuration, limit: 20, seed: 1)).train.labels)

    let file = videos.appending(path: SyntheticVideoFolder.file(0))
    let video = try VideoInputs(file, fit: size, variant: .both)
    let train = set.indices(of: .train).map { set.samples[$0] }
    let found = try video.neighbours().lazy.compactMap { pair -> (VideoInputs.Neighbours, Int)? in
      let place = train.firstIndex {
        $0.videoHash == video.facts.hash && $0.first == pair.first && $0.second == pair.second
      }
      return place.map { (pair, $0) }
    }.first
    let (pair, place) = try #require(found)
    var row = [Float](repeating: 0, count: configuration.inputs.width)
    var span = row.mutableSpan
    inputs.write(
      [video.visualization, try video.frame(pair.first), try video.frame(pair.second)], video.spatial,
      video.font,
      to: &span)
    #expect(try splits.train.sample(place) == row)
    #expect(CaptionLabel.allCases[Int(splits.train.labels[place])] == pair.label)
  }

  @Test func theGeneratedSetIsMadeOnce() throws {
    let generated = GeneratedDataset(videos: 2, captions: 14, seed: 5)
    let first = try generated.open(in: folder.url)
    let date = try FileManager.default.attributesOfItem(atPath: first.url.path)[.modificationDate] as? Date
    let second = try generated.open(in: folder.url)
    #expect(second.samples == first.samples)
    #expect(
      try FileManager.default.attributesOfItem(atPath: second.url.path)[.modificationDate] as? Date == date)
  }
}
