import Tracking
import TestSupport
import Testing
import Utils

@testable import Runner

@Suite struct TrackingOptionsTests {
  private func options(_ words: String...) throws -> TrackingOptions { try TrackingOptions.parse(words) }

  @Test func flagsWinOverTheEnvironment() throws {
    let environment = [
      "WANDB_PROJECT": "theirs", "WANDB_NAME": "theirs", "WANDB_TAGS": "theirs", "WANDB_RUN_GROUP": "theirs",
      "WANDB_NOTES": "a note",
    ]
    let plain = try #require(try options().wandb(environment))
    #expect(
      plain.project == "theirs" && plain.name == "theirs" && plain.tags == ["theirs"]
        && plain.group == "theirs")
    let named = try #require(
      try options(
        "--wandb-project", "ours", "--wandb-name", "ours", "--wandb-tags", "a,b", "--wandb-group", "ours"
      ).wandb(environment))
    #expect(
      named.project == "ours" && named.name == "ours" && named.tags == ["a", "b"] && named.group == "ours")
    #expect(named.notes == "a note")
  }

  @Test func aStudyIsAGroupWhereNoOtherIsNamed() throws {
    var options = try options()
    options.study = "study-abc123"
    #expect(try options.wandb([:])?.group == "study-abc123")
    #expect(try options.wandb(["WANDB_RUN_GROUP": "g"])?.group == "g")
  }

  @Test func whoRecordsARun() throws {
    #expect(try options().trackers(environment: [:]).map(\.name) == ["W&B"])
    #expect(try options("--no-wandb").trackers(environment: [:]).isEmpty)
    #expect(try options().trackers(environment: ["WANDB_MODE": "disabled"]).isEmpty)
    let all = try options("--tensorboard", "--mlflow", "http://127.0.0.1:1").trackers(environment: [:])
    #expect(all.map(\.name) == ["W&B", "TensorBoard", "MLflow"])
    #expect(try options("--no-wandb").trackers(environment: ["WANDB_MODE": "nonsense"]).isEmpty)
  }

  @Test func whatCannotBeIsSaidBeforeTraining() throws {
    expectLabError(mentioning: #"the W&B project "a/b" has a "/""#, exitCode: 2) {
      try options("--wandb-project", "a/b").trackers(environment: [:])
    }
    expectLabError(mentioning: #"--mlflow "here" is no address"#, exitCode: 2) {
      try options("--mlflow", "here").trackers(environment: [:])
    }
  }
}
