import Engine
import Foundation
import Images
import TestSupport
import Testing
import Utils

@testable import DataUtils

/// Pictures on disk as a data set.
@Suite("Image files")
struct ImageFilesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A picture whose pixel (x, y) of channel c is 10 number + 100 c + x + 3 y.
  private func picture(_ number: Int, channels: Int = 1, width: Int = 3, height: Int = 2) -> DecodedImage {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels { pixels.append(UInt8(10 * number + 100 * channel + x + 3 * y)) }
      }
    }
    return DecodedImage(width: width, height: height, channels: channels, pixels: pixels)
  }

  private func write(_ picture: DecodedImage, _ name: String) throws -> ImageFile {
    ImageFile(try folder.write(picture.encodedPNG(), to: name))
  }

  private func dataset(
    _ count: Int = 4, fit: ImageFit = ImageFit(channels: 1, height: 2, width: 3),
    cache: ImageCache = ImageCache()
  ) throws -> Dataset {
    let files = try (0..<count).map { try write(picture($0), "\($0).png") }
    return dataset(files, fit, cache)
  }

  private func dataset(_ files: [ImageFile], _ fit: ImageFit, _ cache: ImageCache = ImageCache()) -> Dataset {
    let images = ImageFiles(files, fit, cache: cache)
    return Dataset(
      name: "strips", sampleShape: images.sampleShape, features: .images(images),
      labels: files.indices.map { Int32($0 % 2) }, classNames: ["good", "bad"])
  }

  @Test func samplesArePlanesOfNumbersFrom0To1() throws {
    let file = try write(picture(1, channels: 3), "a.png")
    let colours = dataset([file], ImageFit(channels: 3, height: 2, width: 3))
    #expect(colours.sampleShape == [3, 2, 3])
    let bytes: [Float] = [10, 11, 12, 13, 14, 15, 110, 111, 112, 113, 114, 115, 210, 211, 212, 213, 214, 215]
    let expected = bytes.map { $0 / 255 }
    #expect(try colours.sample(0) == expected)
    var batches = Loader(colours).batches(epoch: 1)
    let batch = try #require(try batches.next())
    #expect(batch.inputs.shape == [1, 3, 2, 3])
    #expect(batch.inputs.elements == expected)
  }

  @Test func partsHaveTheirSamples() throws {
    let all = try dataset()
    #expect(try all.subset([2, 0]).sample(0) == all.sample(2))
    #expect(try all.selecting(classes: ["bad"]).sample(1) == all.sample(3))
    let twice = all.appending(all.subset([3]))
    #expect(twice.count == 5)
    #expect(try twice.sample(4) == all.sample(3))
    let split = all.stratifiedSplit(test: 0.5, seed: 1)
    #expect(split.train.count == 2 && split.test?.count == 2)
    #expect(try all.inMemory().sample(2) == all.sample(2))
    #expect(try all.padded(to: 5).sample(1).reduce(0, +) == all.sample(1).reduce(0, +))
    #expect(try all.shifted(right: 1, down: 0).sample(1)[1] == all.sample(1)[0])
  }

  /// What is kept is not read again, by no copy and no part.
  @Test func decodedOnce() throws {
    let cache = ImageCache(budget: 12)
    var all: Dataset? = try dataset(cache: cache)
    let part = try #require(all?.subset([1, 0]))
    #expect(cache.usedBytes == 0)
    let before = try part.sample(0)
    _ = try part.sample(1)
    #expect(cache.usedBytes == 12)
    _ = try all?.sample(2)
    #expect(cache.usedBytes == 12, "there is room for two")
    try FileManager.default.removeItem(at: folder.url)
    #expect(try all?.sample(1) == before)
    expectLabError(mentioning: "2.png does not exist") { _ = try all?.sample(2) }
    all = nil
    #expect(cache.usedBytes == 12)
  }

  @Test func roomIsGivenBack() throws {
    let cache = ImageCache()
    for _ in 0..<3 {
      let all = try dataset(cache: cache)
      _ = try all.inMemory()
      #expect(cache.usedBytes == 24)
    }
    #expect(cache.usedBytes == 0)
  }

  @Test func anotherSizeIsRefusedOrResized() throws {
    let file = try write(picture(0, width: 8, height: 4), "large.png")
    func fitted(_ rule: ImageFit.Rule) -> Dataset {
      dataset([file], ImageFit(channels: 1, height: 4, width: 4, rule))
    }
    expectLabError(mentioning: "large.png has 4 x 8 pixels (height x width) instead of 4 x 4", "--resize") {
      _ = try fitted(.exact).sample(0)
    }
    let stretched = picture(0, width: 8, height: 4).resized(width: 4, height: 4)
    #expect(try fitted(.stretch).sample(0) == stretched.pixels.map { Float($0) / 255 })
    let padded = try fitted(.pad).sample(0)
    let small = picture(0, width: 8, height: 4).resized(width: 4, height: 2)
    #expect(padded[0..<4] == [0, 0, 0, 0] && padded[12..<16] == [0, 0, 0, 0])
    #expect(Array(padded[4..<12]) == small.pixels.map { Float($0) / 255 })
  }

  @Test func colouredPicturesArePaddedChannelByChannel() throws {
    let file = try write(picture(0, channels: 3, width: 2, height: 4), "tall.png")
    let sample = try dataset([file], ImageFit(channels: 3, height: 4, width: 4, .pad)).sample(0)
    #expect(sample[0] == 0 && sample[3] == 0)
    #expect(sample[16 + 1] == 100.0 / 255 && sample[32 + 2] == 201.0 / 255)
  }

  @Test func partsOfAPicture() throws {
    let url = try write(picture(0, width: 8, height: 4), "large.png").url
    let fit = ImageFit(channels: 1, height: 2, width: 3)
    let part = ImageFile(url, region: .init(x: 5, y: 2, width: 3, height: 2))
    #expect(try dataset([part], fit).sample(0).map { $0 * 255 } == [11, 12, 13, 14, 15, 16])
    let outside = ImageFile(url, region: .init(x: 6, y: 2, width: 3, height: 2))
    expectLabError(mentioning: "large.png has 4 x 8 pixels", "2 x 3 of them at row 2 and column 6") {
      _ = try dataset([outside], fit).sample(0)
    }
  }

  @Test(arguments: [0, 2]) func anUnreadableImageComesOutOfNext(threads: Int) throws {
    let all = try dataset(6)
    let good = picture(3).encodedPNG()
    try folder.write(good.dropLast(20), to: "3.png")
    var iterator = Loader(all, batchSize: 1, prefetchThreads: threads).batches(epoch: 1)
    for _ in 0..<3 { #expect(try iterator.next() != nil) }
    expectLabError(mentioning: "3.png is a damaged PNG file") { _ = try iterator.next() }
    #expect(try iterator.next() == nil)
  }

  @Test func fingerprintSpeaksOfBytesNamesAndLabels() throws {
    let first = try dataset().fingerprint
    #expect(try dataset().fingerprint == first)
    let other = try TemporaryFolder()
    try FileManager.default.moveItem(at: folder.url, to: other.url.appending(path: "moved"))
    let moved = (0..<4).map { ImageFile(other.url.appending(path: "moved/\($0).png")) }
    let fit = ImageFit(channels: 1, height: 2, width: 3)
    #expect(dataset(moved, fit).fingerprint == first)
    #expect(dataset(moved, ImageFit(channels: 1, height: 2, width: 3, .pad)).fingerprint != first)
    #expect(dataset([moved[0], moved[1], moved[3], moved[2]], fit).fingerprint != first)
    #expect(try dataset(moved, fit).oneAgainstRest("good").fingerprint != first)
    try other.write(picture(7).encodedPNG(), to: "moved/2.png")
    #expect(dataset(moved, fit).fingerprint != first)
    #expect(
      dataset([ImageFile(moved[0].url, region: .init(x: 0, y: 0, width: 3, height: 2))], fit).fingerprint
        != dataset([moved[0]], fit).fingerprint)
  }

  @Test func threadsDecodeAhead() throws {
    let all = try dataset()
    #expect(Loader(all, batchSize: 2).prefetchThreads == 2)
    #expect(Loader(try all.inMemory(), batchSize: 2).prefetchThreads == 0)
  }
}
