import Engine
import Testing
import Utils

@testable import DataUtils

@Suite("Data sets whose samples have any number of classes")
struct DatasetTargetsTests {
  private let strips = Dataset(
    name: "strips", sampleShape: [1], features: .floats([0, 1, 2, 3]),
    targets: [0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1], classNames: ["a", "b", "c"])

  @Test func theLabelIsTheFirstClassPresent() {
    #expect(strips.count == 4)
    #expect(strips.labels == [1, 0, 0, 2])
    #expect(strips.classCounts == [1, 1, 3])
    #expect(strips.targets(2) == [1, 0, 1])
  }

  @Test func partsKeepTheirClasses() throws {
    let part = strips.subset([3, 0])
    #expect(part.targets == [0, 0, 1, 0, 1, 1])
    #expect(part.labels == [2, 1])
    #expect(strips.subset([]).targets == [])
    #expect(part.appending(strips.subset([2])).targets == [0, 0, 1, 0, 1, 1, 1, 0, 1])
    #expect(strips.named("other").targets == strips.targets)
    let split = strips.stratifiedSplit(test: 0.5, seed: 1)
    #expect(split.all.targets == strips.targets)
  }

  @Test func selectingClassesKeepsEverySample() throws {
    let part = try strips.selecting(classes: ["c", "a"])
    #expect(part.classNames == ["c", "a"])
    #expect(part.targets == [1, 0, 0, 0, 1, 1, 1, 0])
    #expect(part.labels == [0, 0, 0, 0])
  }

  @Test func oneAgainstTheRestIsOneClassASample() throws {
    let part = try strips.oneAgainstRest("b")
    #expect(part.targets == nil)
    #expect(part.labels == [1, 0, 0, 0])
  }

  @Test func theFingerprintKnowsEveryClass() {
    let other = Dataset(
      name: "strips", sampleShape: [1], features: .floats([0, 1, 2, 3]),
      targets: [0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1], classNames: ["a", "b", "c"])
    #expect(other.labels == strips.labels)
    #expect(other.fingerprint != strips.fingerprint)
  }

  @Test(arguments: [0, 2]) func batchesCarryTheClasses(threads: Int) throws {
    var batches = Loader(strips, batchSize: 3, prefetchThreads: threads).batches(epoch: 1)
    let first = try #require(try batches.next())
    #expect(first.targets?.shape == [3, 3])
    #expect(first.targets?.elements == [0, 1, 1, 0, 0, 0, 1, 0, 1])
    #expect(first.labels.elements == [1, 0, 0])
    #expect(try batches.next()?.targets?.elements == [0, 0, 1])
  }
}
