import Engine
import TestSupport
import Testing
import Utils

@testable import DataUtils

@Suite struct DatasetImagesTests {
  private let images = Dataset(
    name: "bars", sampleShape: [1, 2, 2], features: .bytes([1, 2, 3, 4, 5, 6, 7, 8], maximum: 16),
    labels: [0, 1], classNames: ["a", "b"])

  private func bytes(_ dataset: Dataset) -> [UInt8] {
    if case .bytes(let values, 16) = dataset.features { values } else { [] }
  }

  @Test func paddingPutsTheImageInTheMiddle() throws {
    let padded = try images.padded(to: 5)
    #expect(padded.sampleShape == [1, 5, 5] && padded.labels == [0, 1])
    let second: [UInt8] = [
      0, 0, 0, 0, 0, 0, 5, 6, 0, 0, 0, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]
    #expect(Array(bytes(padded).dropFirst(25)) == second)
    #expect(bytes(try images.padded(to: 2)) == bytes(images))
    let digits = try EmbeddedData.digits().padded(to: 28)
    #expect(digits.sampleShape == [1, 28, 28])
    #expect(try digits.sample(7).reduce(0, +) == EmbeddedData.digits().sample(7).reduce(0, +))
    expectLabError(mentioning: "[1, 2, 2]", "1 x 1") { _ = try images.padded(to: 1) }
    expectLabError(mentioning: "iris") { _ = try EmbeddedData.iris().padded(to: 28) }
  }

  @Test func movingLeavesZerosBehind() throws {
    #expect(bytes(try images.shifted(right: 1, down: 0)) == [0, 1, 0, 3, 0, 5, 0, 7])
    #expect(bytes(try images.shifted(right: 0, down: -1)) == [3, 4, 0, 0, 7, 8, 0, 0])
    #expect(bytes(try images.shifted(right: 2, down: 0)) == [UInt8](repeating: 0, count: 8))
    expectLabError(mentioning: "iris") { _ = try EmbeddedData.iris().shifted(right: 1, down: 1) }
  }

  @Test func aPieceSaysOfWhatItIs() {
    func some(_ count: Int, of published: Int?) -> Dataset {
      Dataset(
        name: "some", sampleShape: [1], features: .floats([Float](repeating: 0, count: count)),
        labels: [Int32](repeating: 0, count: count), classNames: ["a"], publishedCount: published)
    }
    let part = DataSplits(train: some(10_000, of: 50_000), test: some(1000, of: 10_000))
    #expect(part.subsetNote == "subset: 10,000 of 50,000 training and 1,000 of 10,000 test images")
    #expect(DataSplits(train: some(50, of: 50), test: some(10, of: 10)).subsetNote == nil)
    #expect(
      DataSplits(train: some(50, of: nil), test: some(10, of: 20)).subsetNote
        == "subset: 10 of 20 test images")
    #expect(part.train.subset([0, 1]).publishedCount == 50_000)
  }
}
