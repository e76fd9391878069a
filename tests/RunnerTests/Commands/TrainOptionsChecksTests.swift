import TestSupport
import Testing
import Tracking
import Utils

@testable import Runner

/// What is refused before anything is loaded or written.
@Suite struct TrainOptionsChecksTests {
  @Test(arguments: [
    (["--checkpoint-every", "0steps"], "--checkpoint-every is 0steps; say after how many"),
    (["--checkpoint-every", "5"], "--checkpoint-every is 5; say after how many"),
    (["--keep-checkpoints", "-1"], "--keep-checkpoints is -1; give a whole number from 0"),
    (["--explain", "0"], "--explain 0 is no number"),
    (["--mlflow", "http://127.0.0.1:99999"], "is no address of a server"),
    (["--wandb-project", ""], "--wandb-project is empty"), (["--output-dir", ""], "--output-dir is empty"),
    (["--wandb-project", "a/b"], "the W&B project"),
    (
      ["--no-save-checkpoint", "--checkpoint-every", "5steps"],
      "--no-save-checkpoint and --checkpoint-every exclude each other"
    ),
    (
      ["--no-save-checkpoint", "--keep-checkpoints", "2"],
      "--no-save-checkpoint and --keep-checkpoints exclude each other"
    ),
    (["--no-wandb", "--wandb-project", "p"], "--no-wandb and --wandb-project exclude each other"),
    (["--no-wandb", "--wandb-tags", "a"], "--no-wandb and --wandb-tags exclude each other"),
    (["--profile", "--detect-anomaly"], "exclude each other: the search would be measured too"),
  ]) func noFolderIsLeft(arguments: [String], words: String) throws {
    let bench = try Bench()
    expectLabError(mentioning: words, exitCode: 2) {
      try bench.train(["--experiment", "three-blobs"] + arguments)
    }
    #expect(try files(in: bench.root).isEmpty)
  }

  @Test func whatWasNotSavedCannotBeGoneOnWith() throws {
    let bench = try Bench()
    func words(_ arguments: String...) throws -> String {
      let session = TrainingSession(
        plan: try bench.plan("three-blobs"), options: try TrainOptions.parse(arguments), explanations: 0,
        workspace: bench.workspace, outputs: bench.outputs, resumption: nil,
        logger: Narrative.begin(level: .error), git: GitReading(bench.root))
      return session.wayOn(from: try RunFolder.create(under: bench.outputs, experiment: "three-blobs"))
    }
    #expect(try words("--no-save-checkpoint").hasPrefix("nothing was saved"))
    let command = try words("--mlflow", "http://me:secret@127.0.0.1:1")
    #expect(command.hasPrefix("go on with: swift run train --resume") && !command.contains("secret"))
  }
}
