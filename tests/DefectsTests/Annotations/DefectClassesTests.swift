import TestSupport
import Testing
import Utils

@testable import Defects

@Suite struct DefectClassesTests {
  @Test func theErasDifferInTheClassOfNoDefect() {
    #expect(DefectClasses.four.names == ["defect_1", "defect_2", "defect_3", "defect_4"])
    #expect(DefectClasses.four.noDefect == nil && DefectClasses.four.defects == [0, 1, 2, 3])
    #expect(DefectClasses.five.names.first == "no_defect")
    #expect(DefectClasses.five.noDefect == 0 && DefectClasses.five.defects == [1, 2, 3, 4])
    #expect(DefectClasses.four.targets(showing: []) == [0, 0, 0, 0])
    #expect(DefectClasses.five.targets(showing: []) == [1, 0, 0, 0, 0])
    #expect(DefectClasses.five.targets(showing: [2, 4]) == [0, 0, 1, 0, 1])
  }

  @Test func titlesAreThoseOfDefectsOnly() {
    #expect(DefectClasses.four.defect(titled: "defect_3") == 2)
    #expect(DefectClasses.five.defect(titled: "defect_3") == 3)
    #expect(DefectClasses.five.defect(titled: "no_defect") == nil)
    #expect(DefectClasses.four.defect(titled: "rust") == nil)
  }

  @Test func anyNamesWillDoThatAreDifferent() throws {
    let classes = try DefectClasses(names: ["scratch", "no_defect", "hole"])
    #expect(classes.noDefect == 1 && classes.defects == [0, 2])
    #expect(classes.targets(showing: []) == [0, 1, 0])
    for names in [[], ["no_defect"], ["a", "a"]] {
      expectLabError(mentioning: "class names") { _ = try DefectClasses(names: names) }
    }
  }
}
