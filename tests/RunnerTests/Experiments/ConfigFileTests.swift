import Foundation
import TestSupport
import Testing
import Utils

@testable import Runner

@Suite("Configuration files")
struct ConfigFileTests {
  private let experiment = try! tinyCatalog.experiment("questions")  // it is in the table

  private func settings(_ text: String) throws -> Settings {
    var settings = experiment.settings
    try ConfigFile(Array(text.utf8), name: "c.yaml").apply(to: &settings)
    return settings
  }

  @Test func groupsGiveSettings() throws {
    let settings = try settings(
      """
      loss:
        alpha: [0.375, 0.75, 0.70]
        gamma: 2.5
      data:
        batch_size: 6
        class_names: [east, north, out there]
        size: [3, 4]
      training: {num_epochs: 9, early_stopping_patience: null, early_stopping_metric: accuracy}
      optimizer:
        lr: 1e-3
        betas: [0.8, 0.99]
      experiment: {seed: 7, name: "null"}
      """)
    #expect(settings.value(of: "loss.alpha") == [0.375, 0.75, 0.7])
    #expect(settings.double("loss.gamma") == 2.5 && settings.count("batch_size") == 6)
    #expect(settings.count("epochs") == 9 && settings.int("patience") == nil && settings.count("seed") == 7)
    #expect(settings.double("learning_rate") == 0.001 && settings.string("monitor") == "accuracy")
    #expect(settings.list("betas") == [0.8, 0.99] && settings.list("data.size") == [3, 4])
    #expect(settings.list("data.class_names") == ["east", "north", "out there"])
  }

  @Test func wordsWinAndReadTheSameNames() throws {
    var settings = try settings("loss: {gamma: 3}")
    for word in [
      "loss.gamma=2.5", "data.batch_size=none", "loss.alpha=[0.1, 0.2, 0.3]", "training.num-epochs=4",
    ] {
      try settings.apply(word: word)
    }
    #expect(settings.double("loss.gamma") == 2.5 && settings.int("batch_size") == nil)
    #expect(settings.list("loss.alpha") == [0.1, 0.2, 0.3] && settings.count("epochs") == 4)
    try settings.apply(word: "loss.alpha=null")
    #expect(settings.value(of: "loss.alpha") == .null)
  }

  @Test func aGroupIsSwitchedOffAndItsOrderCounts() throws {
    let off = try settings("augmentation: {flip: 0.5, blur: false}")
    #expect(off.optional("augmentation.blur.sigma") == nil && off.optional("augmentation.flip") == 0.5)
    #expect(off.list("augmentation.order") == ["flip", "blur"])
    var words = experiment.settings
    try words.apply(word: "augmentation.blur=null")
    #expect(words.optional("augmentation.blur.sigma") == nil)
    #expect(words.list("augmentation.order") == ["blur", "flip"])
  }

  @Test func mappingsHaveMembers() throws {
    var settings = Settings([
      .value("augmentation.rotation", #"{"degrees": 15}"#, in: .mapping, "rotation").orNone(),
      .value("augmentation.flip", "0.5", in: .mapping, "flip").orNone(),
    ])
    let text = "augmentation:\n  rotation: {probability: 0.7, sigma: [0.1, 2.0], on: True}\n  flip: false\n"
    try ConfigFile(Array(text.utf8), name: "c.yaml").apply(to: &settings)
    #expect(
      settings.value(of: "augmentation.rotation")
        == ["degrees": 15, "probability": 0.7, "sigma": [0.1, 2.0], "on": true])
    #expect(settings.value(of: "augmentation.flip") == false)
  }

  @Test func unknownNamesAreRefusedWithTheNearest() throws {
    expectLabError(mentioning: "c.yaml, loss.gama", "did you mean loss.gamma?", exitCode: 2) {
      try settings("loss: {gama: 2}")
    }
    expectLabError(mentioning: "optimizer.beta", "did you mean optimizer.betas?") {
      try settings("optimizer: {beta: [0.9, 0.999]}")
    }
    expectLabError(mentioning: "trainning.num_epochs", "training.num_epochs") {
      try settings("trainning: {num_epochs: 2}")
    }
    expectLabError(mentioning: "loss is a group of settings", "loss.type") {
      try settings("loss: 3")
    }
  }

  @Test func valuesThatAreNotAllowedAreRefused() throws {
    expectLabError(mentioning: "c.yaml, loss.gamma", "high is no value", "a number from 0 to 100") {
      try settings("loss: {gamma: high}")
    }
    expectLabError(mentioning: "training.learning_rate is 0.1", "optimizer.lr is 0.2", "one setting") {
      try settings("training: {learning_rate: 0.1}\noptimizer: {lr: 0.2}")
    }
    #expect(
      try settings("training: {learning_rate: 0.1}\noptimizer: {lr: 0.10}").double("learning_rate") == 0.1)
  }

  @Test(
    "what is no configuration is refused with a sentence",
    arguments: [
      ("- a\n- b", "no mapping"), ("loss: [", "no YAML"), ("loss: {gamma: [[1], 2]}", "loss.gamma"),
      ("? [a]\n: b", "no text"), ("a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}", "too deep"),
    ])
  func damaged(text: String, words: String) throws {
    expectLabError(mentioning: "c.yaml", words, exitCode: 2) { try settings(text) }
    expectLabError(mentioning: "1 MB") {
      try ConfigFile([UInt8](repeating: 32, count: ConfigFile.file.limit + 1), name: "c.yaml")
    }
  }

  @Test func anEmptyFileChangesNothing() throws {
    #expect(try settings("").json == experiment.settings.json)
    #expect(try settings("# nothing\n").json == experiment.settings.json)
  }

  @Test func whatIsWrittenIsReadBackWithItsOrder() throws {
    let layout = try #require(experiment.config)
    var changed = try settings("augmentation: {flip: 0.5, blur: null}\nloss: {alpha: [0.1, 0.2, 0.3]}")
    try changed.apply(word: "learning_rate=1e-05")
    let text = try ConfigFile.text(changed, layout)
    #expect(try settings(text).json == changed.json)
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.filter { !$0.hasPrefix(" ") }.first == "model:")
    let flip = try #require(lines.firstIndex { $0.hasPrefix("  flip:") })
    #expect(lines[flip - 1] == "augmentation:" && lines[flip + 1] == "  blur:")
    #expect(!text.contains("order"))
    #expect(layout.nested(changed)["optimizer"]?["lr"] == 1e-05)
    #expect(layout.nested(changed)["scheduler"]?["type"] == "cosine")
  }

  @Test func plainKeysAreAFileOfAnyExperiment() throws {
    var settings = try tinyCatalog.experiment("three-blobs").settings
    try ConfigFile(Array("epochs: 3\ngentle: True\n".utf8), name: "c.yaml").apply(to: &settings)
    #expect(settings.count("epochs") == 3 && settings.bool("gentle"))
  }
}
