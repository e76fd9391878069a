import Foundation
import TestSupport
import Testing
import Utils

@testable import Runner

@Suite struct SettingsTests {
  private let settings = Settings([
    .whole("epochs", 10, in: 1...100, "passes"),
    .whole("limit", nil, in: 1...50, "rows"),
    .whole("batch_size", 8, in: 1...64, "samples").orNone(),
    .number("learning_rate", 0.1, in: 0.001...10, "factor"),
    .choice("start", "zeros", of: ["zeros", "uniform"], "how it begins"),
    .flag("shuffled", true, "whether in a new order"),
  ])

  private func changed(_ words: String...) throws -> Settings {
    var settings = settings
    for word in words { try settings.apply(word: word) }
    return settings
  }

  @Test func everyDomainTakesItsValues() throws {
    let new = try changed(
      "epochs=100", "limit=7", "batch_size=none", "learning_rate=1e-2", "start=uniform", "shuffled=false")
    #expect(new.count("epochs") == 100 && new.int("limit") == 7 && new.int("batch_size") == nil)
    #expect(new.double("learning_rate") == 0.01 && new.string("start") == "uniform" && !new.bool("shuffled"))
    #expect(try changed("limit=7", "limit=null").int("limit") == nil)
    #expect(try changed("learning-rate=2").double("learning_rate") == 2, "- and _ are alike")
    #expect(try changed("epochs=2", "epochs=3").count("epochs") == 3, "the later one wins")
  }

  @Test(arguments: [
    ("epochs=0", "a whole number from 1 to 100"), ("epochs=101", "from 1 to 100"),
    ("epochs=2.5", "a whole number"), ("epochs=none", "a whole number"), ("epochs=", "a whole number"),
    ("epochs=99999999999999999999", "a whole number"), ("limit=51", "from 1 to 50, or none"),
    ("batch_size=-1", "from 1 to 64, or none"), ("learning_rate=nan", "a number from 0.001 to 10"),
    ("learning_rate=inf", "a number"), ("learning_rate=-0.1", "a number"), ("learning_rate=fast", "a number"),
    ("start=Zeros", "did you mean zeros? give one of zeros, uniform"), ("shuffled=yes", "true or false"),
  ]) func whatIsNoValueIsRefused(word: String, allowed: String) throws {
    let parts = word.split(separator: "=", omittingEmptySubsequences: false)
    expectLabError(
      mentioning: "\(word): \(parts[1]) is no value of \(parts[0]); ", "give ", allowed, exitCode: 2
    ) { try changed(word) }
  }

  @Test func anUnknownKeyIsAnsweredWithTheNearestOrTheList() throws {
    let near = expectLabError(
      mentioning: "lerning_rate=1: there is no setting lerning_rate", "did you mean learning_rate?",
      exitCode: 2
    ) { try changed("lerning_rate=1") }
    #expect(!near.contains("shuffled"), "the list helps nobody who is told the name")
    let sentence = expectLabError(mentioning: "there is no setting zzz", "\n  epochs", "shuffled") {
      try changed("zzz=1")
    }
    #expect(!sentence.contains("did you mean"))
  }

  @Test func theLastPartOfANameIsEnoughForASuggestion() {
    var settings = Settings([
      .number("loss.gamma", 2, in: 0...9, "focus"), .number("rate", 1, in: 0...9, "rate"),
      .number("blur.sigma", 2, in: 0...9, "width"),
    ])
    for (typed, meant) in [("gamma", "loss.gamma"), ("sigam", "blur.sigma"), ("los.gamma", "loss.gamma")] {
      expectLabError(mentioning: "did you mean \(meant)?") {
        try settings.set(typed, to: "1", source: "\(typed)=1")
      }
    }
  }

  @Test func twoNamesOfOneSettingMayNotContradictEachOther() throws {
    let settings = Settings(
      [.number("learning_rate", 1, in: 0...9, "rate")], names: [("optimizer.lr", "learning_rate")])
    typealias Word = (name: String, text: String, source: String)
    func word(_ name: String, _ text: String) -> Word { (name, text, "\(name)=\(text)") }
    expectLabError(mentioning: "learning_rate=1 and optimizer.lr=2 contradict each other", exitCode: 2) {
      try settings.refuseContradictions([word("learning_rate", "1"), word("optimizer.lr", "2")])
    }
    try settings.refuseContradictions([word("learning_rate", "2"), word("optimizer.lr", "2.0")])
    try settings.refuseContradictions([word("learning_rate", "1"), word("learning-rate", "2")])
  }

  @Test func aWarmUpLongerThanTheTrainingIsSaid() throws {
    var settings = Settings([.whole("epochs", 10, in: 1...99, ""), .whole("warmup", 5, in: 0...99, "")])
    #expect(settings.notices.isEmpty)
    try settings.apply(word: "epochs=3")
    #expect(settings.notices.count == 1 && settings.notices[0].contains("5 epochs"))
    #expect(self.settings.notices.isEmpty, "there is no warm-up")
  }

  @Test(arguments: ["epochs", "=3", ""]) func aWordWithoutAKeyIsNoSetting(word: String) throws {
    expectLabError(mentioning: "\(word) is neither a flag nor a setting", "key=value", exitCode: 2) {
      try changed(word)
    }
  }

  @Test func whatWasStoredIsRestored() throws {
    let new = try changed("limit=7", "batch_size=none", "learning_rate=3", "start=uniform", "shuffled=false")
    var restored = settings
    try restored.restore(JSONValue(parsing: Array(new.json.utf8())), source: "a file")
    #expect(restored.json == new.json)
    #expect(
      restored.json["learning_rate"] == .number(3), "as a number, though it was written without a fraction")
    #expect(restored.int("batch_size") == nil && restored.int("limit") == 7)
  }

  @Test func aStoredValueThatIsNotAllowedIsRefusedByItsFile() throws {
    for bad: JSONValue in [
      ["epochs": 0], ["epochs": nil], ["colour": "red"], ["start": ["zeros"]], ["shuffled": 1],
    ] {
      var restored = settings
      expectLabError(mentioning: "last.safetensors: ", exitCode: 2) {
        try restored.restore(bad, source: "last.safetensors")
      }
    }
  }

  // MARK: Presets

  private let eras = Settings([
    .preset(
      "era", "modern", of: ["modern": [:], "original": ["optimizer": "sgd", "rate": "0.5"]], "whose recipe"),
    .choice("optimizer", "adam", of: ["adam", "sgd"], "optimiser"),
    .number("rate", 0.01, in: 0...1, "rate"), .whole("epochs", 5, in: 1...9, "passes"),
  ])

  private func after(_ words: String...) throws -> String {
    var settings = eras
    for word in words { try settings.apply(word: word) }
    return "\(settings.string("optimizer")) \(settings.double("rate")) \(settings.count("epochs"))"
  }

  @Test func aPresetChangesWhatWasNotGiven() throws {
    #expect(try after() == "adam 0.01 5")
    #expect(try after("era=original") == "sgd 0.5 5")
    #expect(try after("era=original", "rate=0.2") == "sgd 0.2 5")
    #expect(try after("rate=0.2", "era=original") == "sgd 0.2 5", "the order does not matter")
    #expect(try after("era=original", "era=modern") == "adam 0.01 5", "and it can be taken back")
    #expect(try after("rate=0.01", "era=original") == "sgd 0.01 5", "a value as it was is given too")
  }

  @Test func aStoredRowIsRestoredAsItWas() throws {
    var old = eras
    try old.apply(word: "era=original")
    try old.apply(word: "rate=0.3")
    var new = eras
    try new.restore(old.json, source: "file")
    #expect(new.json == old.json)
  }
}
