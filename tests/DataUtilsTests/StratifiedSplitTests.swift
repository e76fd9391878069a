import Testing

@testable import DataUtils

@Suite("Stratified split")
struct StratifiedSplitTests {
  @Test func irisInExactParts() {
    let iris = EmbeddedData.iris()
    let splits = iris.stratifiedSplit(val: 0.1, test: 0.2, seed: 7)
    #expect(splits.train.classCounts == [35, 35, 35])
    #expect(splits.val?.classCounts == [5, 5, 5])
    #expect(splits.test?.classCounts == [10, 10, 10])
    #expect(splits.all.fingerprint == iris.fingerprint)
  }

  @Test func noSampleIsLostOrDoubled() throws {
    let dataset = numbered(classes: [17, 5, 31])
    let splits = dataset.stratifiedSplit(val: 0.25, test: 0.25, seed: 3)
    let parts = [splits.train, splits.val, splits.test].compactMap(\.self)
    let samples = try parts.flatMap { part in try (0..<part.count).map { Int(try part.sample($0)[0]) } }
    #expect(samples.sorted() == Array(0..<53))
    #expect(parts.map(\.count) == [27, 13, 13])
  }

  @Test func seedsDecide() {
    let iris = EmbeddedData.iris()
    let fingerprint = iris.stratifiedSplit(test: 0.2, seed: 1).fingerprint
    #expect(fingerprint == iris.stratifiedSplit(test: 0.2, seed: 1).fingerprint)
    #expect(fingerprint != iris.stratifiedSplit(test: 0.2, seed: 2).fingerprint)
  }

  @Test func aSmallClassIsInEveryPartWhenItHasEnoughRows() {
    let splits = numbered(classes: [94, 3, 3]).stratifiedSplit(val: 0.1, test: 0.1, seed: 5)
    for part in [splits.train, splits.val, splits.test] {
      #expect(part?.classCounts.allSatisfy { $0 >= 1 } == true)
    }
    #expect(splits.val?.count == 10)
    #expect(splits.test?.count == 10)
  }

  @Test func aClassOfOneRowStaysInTraining() {
    let splits = numbered(classes: [1, 20]).stratifiedSplit(test: 0.25, seed: 5)
    #expect(splits.train.classCounts == [1, 15])
    #expect(splits.test?.classCounts == [0, 5])
  }

  @Test(arguments: 1...12)
  func everySizeIsExactAndInProportion(size: Int) {
    for classes in [[10, 10], [1, 2, 9], [12], [5, 0, 7], [3, 3, 3, 3]] {
      let counts = StratifiedShares.counts(of: size, classes: classes, keepingFor: 1)
      #expect(counts.reduce(0, +) == min(size, classes.reduce(0, +)))
      #expect(zip(counts, classes).allSatisfy { $0 >= 0 && $0 <= $1 })
    }
  }

  @Test func holdingOutKeepsTheTestPart() {
    let splits = EmbeddedData.iris().stratifiedSplit(test: 0.2, seed: 1).holdingOut(val: 0.25, seed: 1)
    #expect(splits.train.classCounts == [30, 30, 30])
    #expect(splits.val?.classCounts == [10, 10, 10])
    #expect(splits.test?.classCounts == [10, 10, 10])
  }

  private func numbered(classes: [Int]) -> Dataset {
    let labels = classes.enumerated().flatMap { [Int32](repeating: Int32($0), count: $1) }
    return Dataset(
      name: "numbered", sampleShape: [1], features: .floats(labels.indices.map { Float($0) }), labels: labels,
      classNames: classes.indices.map(String.init))
  }
}
