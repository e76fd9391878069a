import TestSupport
import Testing
import Utils

@testable import Runner

@Suite("What settings may be")
struct SettingDomainTests {
  private let alpha = Setting.Domain.either([
    .number(0...1), .list(.number(0...1), 1...4), .choice(["dynamic"]),
  ])

  @Test func theFirstDomainThatKnowsTheValueReadsIt() {
    #expect(alpha.parsed("0.25") == 0.25)
    #expect(alpha.parsed("[0.375,0.75]") == [0.375, 0.75])
    #expect(alpha.parsed("[0.375, 0.75 ]") == [0.375, 0.75])
    #expect(alpha.parsed("dynamic") == "dynamic")
    for wrong in ["1.5", "[0.2, 2]", "[]", "[0.1,0.1,0.1,0.1,0.1]", "[0.1,,0.2]", "dynamik", "0.1,0.2", "["] {
      #expect(alpha.parsed(wrong) == nil, "\(wrong)")
    }
    #expect(
      alpha.allowed
        == "a number from 0 to 1, or 1 to 4 values in brackets, each a number from 0 to 1, or one of dynamic")
  }

  @Test func listsOfTextsNeedNoQuotationMarks() {
    let names = Setting.Domain.list(.text, 0...3)
    #expect(names.parsed("[no_defect, defect 1]") == ["no_defect", "defect 1"])
    #expect(names.parsed(#"["a,b", "c"]"#) == ["a,b", "c"])
    #expect(names.parsed("[ ]") == [])
    #expect(names.parsed("[a, b, c, d]") == nil)
    #expect(Setting.Domain.list(.whole(1...5), 2...2).parsed("3-4") == [3, 4], "as sweep files write it")
    #expect(Setting.Domain.list(.whole(1...5), 2...2).allowed.hasPrefix("2 values in brackets"))
  }

  @Test func membersOfAMappingAreGivenTogetherOrAlone() throws {
    var settings = Settings([
      .value("augmentation.rotation", #"{"degrees": 15, "probability": 0.5}"#, in: .mapping, "rotation")
        .orNone()
    ])
    try settings.apply(word: "augmentation.rotation.degrees=30")
    #expect(settings.value(of: "augmentation.rotation") == ["degrees": 30, "probability": 0.5])
    try settings.apply(word: "augmentation.rotation.classes=[1, 2]")
    #expect(settings.value(of: "augmentation.rotation")["classes"] == [1, 2])
    var copy = Settings(settings.all)
    try copy.restore(settings.json, source: "file")
    #expect(copy.json == settings.json)
    try settings.apply(word: "augmentation.rotation=0.3")
    #expect(settings.value(of: "augmentation.rotation") == 0.3)
    try settings.apply(word: "augmentation.rotation.degrees=7")
    #expect(settings.value(of: "augmentation.rotation") == ["degrees": 7])
    try settings.apply(word: "augmentation.rotation=null")
    #expect(settings.value(of: "augmentation.rotation") == .null)
    for word in [
      "augmentation.rotation=[1]", "augmentation.rotation=often", "augmentation.rotaton.degrees=3",
    ] {
      expectLabError(mentioning: "augmentation.rota") { try settings.apply(word: word) }
    }
  }

  @Test func whatIsWrittenDownIsReadBack() {
    for text in ["0.25", "[0.375,0.75]", "dynamic"] {
      let value = alpha.parsed(text)
      #expect(alpha.parsed(value?.string ?? value?.text() ?? "") == value)
    }
    let names = Setting.value("names", "[a, b]", in: .list(.text, 2...2), "names")
    #expect(names.parsed(names.value.text()) == names.value)
  }

  @Test func noneAndFalseSwitchOff() {
    let flip = Setting.number("flip", 0.5, in: 0...1, "share").orNone()
    #expect(flip.parsed("none") == .null && flip.parsed("null") == .null && flip.parsed("false") == .null)
    #expect(Setting.number("rate", 0.5, in: 0...1, "rate").parsed("false") == nil)
    #expect(Setting.flag("gentle", true, "gentle").orNone().parsed("false") == false)
    #expect(Setting.text("path", nil, "a path").parsed("") == nil)
  }
}
