import ArgumentParser
import TestSupport
import Testing
import Utils

@testable import Runner

@Suite struct TrainOptionsTests {
  private func settings(_ arguments: String...) throws -> Settings {
    let options = try TrainOptions.parse(["--experiment", "three-blobs"] + arguments)
    return try TrainCommand(tinyCatalog, options).mergedSettings(tinyCatalog.experiment("three-blobs"), nil)
  }

  @Test func nothingIsOnUnlessItIsAskedFor() throws {
    let options = try TrainOptions.parse([])
    #expect(options.experiment == nil && options.epochs == nil && options.seed == nil)
    #expect(!options.visualize && !options.noSaveCheckpoint && !options.tracking.noWandb && !options.debug)
    #expect(!options.printConfig && !options.listExperiments && options.explained == nil)
    #expect(options.settingWords.isEmpty && options.tagList.isEmpty && options.resume == nil)
    #expect(options.common.device == "auto" && options.common.logLevel == "info")
    let untouched = try tinyCatalog.experiment("three-blobs").settings
    #expect(try settings().json == untouched.json)
  }

  @Test func aFlagIsASettingByAnotherSpelling() throws {
    let flags = try settings(
      "--epochs", "7", "--learning-rate", "0.5", "--batch-size", "none", "--seed", "9")
    let sets = try settings(
      "--set", "epochs=7", "--set", "learning_rate=0.5", "--set", "batch_size=none", "--set", "seed=9")
    let words = try settings("epochs=7", "learning-rate=0.5", "batch_size=none", "seed=9")
    #expect(flags.json == sets.json && sets.json == words.json)
    #expect(flags.count("epochs") == 7 && flags.double("learning_rate") == 0.5 && flags.count("seed") == 9)
    #expect(flags.int("batch_size") == nil)
  }

  @Test func wordsWinOverFlagsAndFlagsOverDebug() throws {
    #expect(try settings("--debug").count("epochs") == 4, "no more than the experiment asks for")
    #expect(try settings("--debug").int("limit") == 256)
    #expect(try settings("--debug", "--epochs", "9").count("epochs") == 9)
    #expect(try settings("epochs=3", "--epochs", "9").count("epochs") == 3)
    #expect(try settings("--set", "gentle=false", "gentle=true").bool("gentle"))
  }

  @Test(arguments: [
    (["--epochs", "-3"], "--epochs -3: -3 is no value of epochs; give a whole number from 1"),
    (
      ["--learning-rate", "nan"], "--learning-rate nan: nan is no value of learning_rate; give a number from"
    ),
    (["--learning-rate", "-0.1"], "--learning-rate -0.1: -0.1 is no value"),
    (["--batch-size", "0"], "--batch-size 0: 0 is no value of batch_size"),
    (["--seed", "-1"], "--seed -1: -1 is no value of seed"),
    (["--set", "epochs"], "epochs is neither a flag nor a setting"),
    (["--set", "-x"], "-x is neither a flag nor a setting"),
    (["epochs=many"], "epochs=many: many is no value"),
  ]) func aValueOutOfRangeIsNamedWithItsFlag(arguments: [String], sentence: String) throws {
    let options = try TrainOptions.parse(arguments)
    expectLabError(mentioning: sentence, exitCode: 2) {
      try TrainCommand(tinyCatalog, options).mergedSettings(tinyCatalog.experiment("three-blobs"), nil)
    }
  }

  @Test func explainAloneWithANumberAndBeforeASetting() throws {
    #expect(try TrainOptions.parse(["--explain"]).explained == "3")
    #expect(try TrainOptions.parse(["--explain", "5"]).explained == "5")
    #expect(try TrainOptions.parse(["--explain", "--epochs", "2"]).explained == "3")
    let options = try TrainOptions.parse(["--explain", "epochs=2"])
    #expect(options.explained == "3" && options.settingWords == ["epochs=2"])
  }

  @Test func tagsMayBeSeparatedByCommasOrRepeated() throws {
    #expect(try TrainOptions.parse(["--tags", "a, b,,c", "--tags", "d"]).tagList == ["a", "b", "c", "d"])
  }

  @Test(arguments: [
    (["--threads", "0"], "--threads is 0"), (["--threads", "many"], "--threads is many"),
    (["--prefetch-threads", "-1"], "--prefetch-threads is -1"),
    (["--prefetch-threads", "65"], "--prefetch-threads is 65"),
    (["--device", "cuda"], "--device cuda: this workspace computes on the processor; give auto or cpu"),
    (["--log-level", "loud"], "--log-level loud is not known; give one of debug, info, warning, error"),
  ]) func whatBothProgramsRefuse(arguments: [String], sentence: String) throws {
    let options = try TrainOptions.parse(arguments).common
    expectLabError(mentioning: sentence, exitCode: 2) {
      _ = try options.prefetch()
      _ = try options.level()
      _ = try options.prepareComputing()
    }
  }
}
