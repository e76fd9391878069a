import Testing
import Utils

@testable import Defects

@Suite struct SplitCheckTests {
  private let names = ["defect_1", "defect_2"]

  @Test func aGoodSplitNeedsNoWords() {
    let targets = randomTargets(400, shares: [0.3, 0.5])
    let split = IterativeStratification.split(
      targets, ratios: SplitStrategy.stratified701515.ratios, seed: 1)
    #expect(SplitCheck.warnings(split, targets: targets, classNames: names) == [])
  }

  @Test func aClassOfOneImageAndAnEmptyClassAreNamed() {
    let targets = MultiLabelTargets([1, 0, 0, 0, 0, 0, 0, 0], classes: 2)
    let split = SplitIndices(train: [0, 1], val: [2], test: [3])
    #expect(
      SplitCheck.warnings(split, targets: targets, classNames: names) == [
        "defect_1 occurs in 1 image only, none in val and test: its scores there say nothing",
        "no image shows defect_2: it cannot be learnt, and its scores are 0",
      ])
  }

  @Test func aShareThatIsFarFromTheWholeIsNamed() {
    let targets = MultiLabelTargets([1, 1, 1, 0, 1, 0, 0, 0], classes: 1)
    let split = SplitIndices(train: [0, 1, 2, 3], val: [4, 5], test: [6, 7])
    let words = SplitCheck.warnings(split, targets: targets, classNames: ["defect_1"])
    #expect(words == ["defect_1 occurs in 4 images, none in test: its scores there say nothing"])
    let even = SplitIndices(train: [0, 1, 2, 3], val: [4, 7], test: [5, 6])
    #expect(
      SplitCheck.warnings(
        even, targets: MultiLabelTargets([1, 1, 1, 0, 1, 0, 1, 0], classes: 1),
        classNames: names.prefix(1).map { $0 }
      )
      .first == "75.0 % of train show defect_1, of all images 62.5 %")
  }
}
