import Testing
import Utils

@testable import Defects

/// Rows of 0 and 1 in which class k is in about a share `shares[k]` of `count` samples.
func randomTargets(_ count: Int, shares: [Double], seed: UInt64 = 1) -> MultiLabelTargets {
  var random = RandomStream(seed: seed)
  let values = (0..<count).flatMap { _ in shares.map { UInt8(random.uniform() < $0 ? 1 : 0) } }
  return MultiLabelTargets(values, classes: shares.count)
}

@Suite struct IterativeStratificationTests {
  private static let ratios = SplitStrategy.stratified701515.ratios

  @Test func everySampleIsInOnePartAndTheSizesAreExact() {
    for (count, strategy) in [
      (100, SplitStrategy.stratified701515), (333, .stratified801010), (7, .stratified701515),
    ] {
      let targets = randomTargets(count, shares: [0.3, 0.1, 0.5, 0.02])
      let split = IterativeStratification.split(targets, ratios: strategy.ratios, seed: 3)
      let sizes = strategy.ratios.sizes(of: count)
      #expect(
        split.train.count == sizes.train && split.val.count == sizes.val && split.test.count == sizes.test)
      #expect((split.train + split.val + split.test).sorted() == Array(0..<count))
      #expect(split.train == split.train.sorted())
    }
  }

  @Test func everyClassHasItsShareOfEveryPart() {
    let targets = randomTargets(2000, shares: [0.07, 0.02, 0.41, 0.06])
    let split = IterativeStratification.split(targets, ratios: Self.ratios, seed: 42)
    let total = targets.classCounts(of: 0..<2000)
    for (part, share) in zip(split.parts, [0.7, 0.15, 0.15]) {
      for (count, all) in zip(targets.classCounts(of: part.indices), total) {
        #expect(abs(Double(count) - share * Double(all)) <= 1.5, "\(part.name): \(count) of \(all)")
      }
    }
  }

  @Test func theSeedAloneDecides() {
    let targets = randomTargets(200, shares: [0.4, 0.2])
    func split(_ seed: UInt64) -> SplitIndices {
      IterativeStratification.split(targets, ratios: Self.ratios, seed: seed)
    }
    #expect(split(1) == split(1))
    #expect(split(1) != split(2))
  }

  @Test func aClassOfThreeSamplesIsInAllThreeParts() {
    for seed in 0..<20 {
      var values = [UInt8](repeating: 0, count: 2 * 60)
      for index in 0..<60 { values[2 * index] = 1 }
      for index in [5, 20, 59] { values[2 * index + 1] = 1 }
      let targets = MultiLabelTargets(values, classes: 2)
      let split = IterativeStratification.split(targets, ratios: Self.ratios, seed: UInt64(seed))
      for part in split.parts { #expect(targets.classCounts(of: part.indices)[1] == 1, "\(part.name)") }
    }
  }

  @Test func classesThatCutAcrossOthersAreBroughtIntoEveryPart() {
    // Class 0 is on ten samples, each of which has a class of its own: rarest first puts all into training.
    let classes = 11
    var values = [UInt8](repeating: 0, count: classes * 40)
    for index in 0..<10 {
      values[classes * index] = 1
      values[classes * index + 1 + index] = 1
    }
    let targets = MultiLabelTargets(values, classes: classes)
    for seed in 0..<10 {
      let split = IterativeStratification.split(targets, ratios: Self.ratios, seed: UInt64(seed))
      for part in split.parts { #expect(targets.classCounts(of: part.indices)[0] > 0, "\(part.name)") }
      #expect((split.train.count, split.val.count, split.test.count) == (28, 6, 6))
    }
  }

  @Test func noSamplesAndNoClassesAreNoTrouble() {
    let none = IterativeStratification.split(MultiLabelTargets([], classes: 2), ratios: Self.ratios, seed: 1)
    #expect(none == SplitIndices(train: [], val: [], test: []))
    let clean = MultiLabelTargets([UInt8](repeating: 0, count: 40), classes: 2)
    #expect(IterativeStratification.split(clean, ratios: Self.ratios, seed: 1).train.count == 14)
  }
}
