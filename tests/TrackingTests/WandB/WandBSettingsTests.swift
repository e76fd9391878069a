import Foundation
import Testing
import Utils

@testable import Tracking

@Suite struct WandBSettingsTests {
  @Test func theEnvironmentOfTheClientIsUnderstood() throws {
    let settings = try #require(
      try WandBSettings(environment: [
        "WANDB_MODE": "online", "WANDB_PROJECT": "p", "WANDB_ENTITY": "e", "WANDB_NAME": "n",
        "WANDB_TAGS": "a, b,,", "WANDB_RUN_GROUP": "g", "WANDB_NOTES": "why", "WANDB_JOB_TYPE": "sweep",
        "WANDB_RUN_ID": "r", "WANDB_DIR": "/tmp/d", "HOME": "/",
      ]))
    #expect(
      settings.project == "p" && settings.entity == "e" && settings.name == "n" && settings.group == "g")
    #expect(settings.tags == ["a", "b"] && settings.notes == "why" && settings.jobType == "sweep")
    #expect(settings.runID == "r" && settings.folder?.path == "/tmp/d")
    #expect(try WandBSettings(environment: [:]) == WandBSettings())
    #expect(try WandBSettings(environment: ["WANDB_PROJECT": ""])?.project == nil)
  }

  @Test func itCanBeTurnedOff() throws {
    #expect(try WandBSettings(environment: ["WANDB_MODE": "disabled"]) == nil)
    #expect(try WandBSettings(environment: ["WANDB_DISABLED": "true"]) == nil)
    #expect(try WandBSettings(environment: ["WANDB_DISABLED": "false"]) != nil)
    let error = try labError { try WandBSettings(environment: ["WANDB_MODE": "ofline"]) }
    #expect(error.exitCode == 2 && error.cause == "WANDB_MODE is ofline")
  }

  @Test(arguments: ["a/b", "a?b", "a#b", "a:b", "a%b", "a\\b", String(repeating: "a", count: 129), " a"])
  func aProjectThatWouldBeRefusedLaterIsRefusedNow(project: String) throws {
    var settings = WandBSettings()
    settings.project = project
    let error = try labError(settings.check)
    #expect(error.exitCode == 2 && error.cause.hasPrefix("the W&B project"))
    settings.project = "fine project-1_2"
    try settings.check()
    settings.runID = project == " a" || project.count > 100 ? project : "x;y"
    #expect(throws: LabError.self) { try settings.check() }
  }
}
