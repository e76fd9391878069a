import TestSupport
import Testing
import Utils

@testable import DataUtils

@Suite("Data sets")
struct DatasetTests {
  private let toy = Dataset(
    name: "toy", sampleShape: [2], features: .floats([0, 1, 10, 11, 20, 21, 30, 31]), labels: [0, 1, 2, 1],
    classNames: ["a", "b", "c"], featureNames: ["left", "right"])
  private let images = Dataset(
    name: "images", sampleShape: [1, 1, 2], features: .bytes([0, 255, 51, 102], maximum: 255),
    labels: [0, 1],
    classNames: ["dark", "light"])

  @Test func subsetKeepsTheGivenOrder() throws {
    let part = toy.subset([3, 0])
    #expect(part.labels == [1, 0])
    #expect(try part.sample(0) == [30, 31])
    #expect(try part.sample(1) == [0, 1])
    #expect(toy.subset([]).count == 0)
    #expect(try images.subset([1]).sample(0) == [0.2, 0.4])
  }

  @Test func imagesMovedWithinTheirFrame() throws {
    let image = Dataset(
      name: "image", sampleShape: [1, 2, 3], features: .floats([1, 2, 3, 4, 5, 6]), labels: [0],
      classNames: ["a"])
    #expect(try image.shifted(right: 1, down: 1).sample(0) == [0, 0, 0, 0, 1, 2])
    #expect(try image.shifted(right: -2, down: -1).sample(0) == [6, 0, 0, 0, 0, 0])
    #expect(try image.shifted(right: 0, down: 0).sample(0) == image.sample(0))
    for (down, right) in [(2, 0), (-5, 0), (0, 3), (0, -9)] {
      #expect(try image.shifted(right: right, down: down).sample(0) == [0, 0, 0, 0, 0, 0], "nothing is left")
    }
  }

  @Test func selectingFeatures() throws {
    #expect(try toy.selecting(features: ["right"]).sample(2) == [21])
    #expect(try toy.selecting(features: ["right", "left"]).sample(1) == [11, 10])
    expectLabError(mentioning: "toy", "\"rigth\"", "did you mean \"right\"") {
      _ = try toy.selecting(features: ["rigth"])
    }
    expectLabError(mentioning: "no feature") { _ = try toy.selecting(features: []) }
    expectLabError(mentioning: "feature", "twice") { _ = try toy.selecting(features: ["left", "left"]) }
    expectLabError(mentioning: "images", "leave") { _ = try images.selecting(features: ["x"]) }
  }

  @Test func selectingClassesNumbersThemAnew() throws {
    let part = try toy.selecting(classes: ["c", "b"])
    #expect(part.classNames == ["c", "b"])
    #expect(part.labels == [1, 0, 1])
    #expect(try part.sample(0) == [10, 11])
    expectLabError(mentioning: "toy", "class", "\"a\", \"b\", \"c\"") {
      _ = try toy.selecting(classes: ["zebra"])
    }
  }

  @Test func irisVersicolorAgainstVirginica() throws {
    let hard = try EmbeddedData.iris().selecting(classes: ["versicolor", "virginica"])
      .selecting(features: ["petal length (cm)", "petal width (cm)"])
    #expect(hard.count == 100)
    #expect(hard.sampleShape == [2])
    #expect(try hard.sample(0) == [4.7, 1.4])
    #expect(hard.classCounts == [50, 50])
  }

  @Test func oneAgainstRest() throws {
    let part = try toy.oneAgainstRest("b")
    #expect(part.labels == [0, 1, 0, 1])
    #expect(part.classNames == ["rest", "b"])
  }

  @Test func appending() throws {
    let twice = images.appending(images)
    #expect(twice.count == 4)
    #expect(try twice.sample(3) == [0.2, 0.4])
  }

  @Test func fingerprintSpeaksOfWhatDeterminesTraining() throws {
    #expect(toy.fingerprint.count == 64)
    #expect(toy.fingerprint == toy.named("another").fingerprint)
    #expect(toy.fingerprint == toy.subset([0, 1, 2, 3]).fingerprint)
    let others = [
      toy.subset([0, 1, 3, 2]), try toy.oneAgainstRest("a"), try toy.selecting(features: ["right", "left"]),
      images,
      Dataset(
        name: "images", sampleShape: [1, 2, 1], features: images.features, labels: images.labels,
        classNames: images.classNames),
      Dataset(
        name: "images", sampleShape: [1, 1, 2], features: .bytes([0, 255, 51, 102], maximum: 1),
        labels: images.labels,
        classNames: images.classNames),
    ]
    #expect(Set(others.map(\.fingerprint) + [toy.fingerprint]).count == others.count + 1)
  }

  @Test func partsHaveNames() throws {
    let splits = DataSplits(train: toy.subset([0, 1]), test: toy.subset([2]))
    #expect(splits.parts == [.train, .test, .all])
    #expect(try splits.part(.test).labels == [2])
    #expect(try splits.part(.all).labels == [0, 1, 2])
    expectLabError(mentioning: "toy", "val", "train, test, all") { _ = try splits.part(.val) }
    #expect(try splits.mapParts { try $0.selecting(classes: ["a", "c"]) }.all.labels == [0, 1])

    let whole = DataSplits(trainingOnAll: toy)
    #expect(whole.parts == [.train, .all])
    #expect(whole.all.fingerprint == toy.fingerprint)
    #expect(whole.fingerprint != splits.fingerprint)
  }
}
