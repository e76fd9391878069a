import TestSupport
import Testing
import Utils

@testable import Runner

@Suite struct ModelDescriptionTests {
  private func answer(_ arguments: String...) throws -> JSONValue {
    try ModelDescription(tinyCatalog, TrainOptions.parse(arguments + ["--describe"])).json
  }

  @Test func anExperimentIsDescribedAsItWouldRun() throws {
    let answer = try answer("--experiment", "blobs", "--epochs", "7", "seed=5")
    #expect(answer["title"] == "Tiny classifier (Nobody 2000)")
    let experiment = try #require(answer["experiment"])
    #expect(experiment["name"] == "three-blobs" && experiment["published"] == "100 % (Nobody 2000)")
    #expect(experiment["settings"]?["epochs"] == 7 && experiment["settings"]?["seed"] == 5)
    #expect(experiment["settings"]?["limit"] == JSONValue.null)
    #expect(experiment["band"]?["part"] == "test" && experiment["band"]?["text"] == "test accuracy >= 0.9")
  }

  @Test func anExperimentThatIsNotThereLeavesTheList() throws {
    let answer = try answer("--experiment", "mnist")
    #expect(answer["experiment"] == nil)
    #expect(answer["experiments"] == ["three-blobs", "two-rates", "xor", "pictures", "questions", "failing"])
  }

  @Test func aWrongSettingIsRefused() throws {
    expectLabError(mentioning: "no value of epochs", exitCode: 2) {
      try answer("--experiment", "xor", "--epochs", "0")
    }
  }
}
