import ArgumentParser
import Testing
import Utils

@testable import Runner

@Suite struct CommandLineProgramTests {
  private func train(_ body: @escaping (TrainOptions) throws -> Int32 = { _ in 0 })
    -> CommandLineProgram<TrainOptions>
  {
    CommandLineProgram(tinyCatalog, "train", "Trains it.", TrainOptions.self, body: body)
  }

  @Test func theExitCodeSaysWhatWentWrong() {
    struct Odd: Error {}
    #expect(train().run([]) == 0)
    #expect(train { _ in 143 }.run([]) == 143)
    for kind: LabError.Kind in [.usage, .config, .device] {
      #expect(train { _ in throw LabError(kind, "a", remedy: "b") }.run([]) == 2)
    }
    for kind: LabError.Kind in [.data, .model, .checkpoint, .training, .plotting, .tracking] {
      #expect(train { _ in throw LabError(kind, "a", remedy: "b") }.run([]) == 1)
    }
    #expect(train { _ in throw Odd() }.run([]) == 1)
  }

  /// The parser's own code for these is 64.
  @Test(arguments: [["--bogus"], ["--epochs"], ["--visualize=yes"], ["--experiment"]])
  func aWrongCommandLineEndsWithTwo(arguments: [String]) {
    #expect(train { _ in 0 }.run(arguments) == 2)
  }

  @Test func helpRunsNothing() {
    for arguments in [["--help"], ["-h"], ["help"], ["--epochs", "2", "--help"]] {
      #expect(train { _ in 7 }.run(arguments) == 0)
    }
    #expect(train { _ in 7 }.run(["--tags", "help"]) == 7, "a word behind a flag is that flag's value")
  }

  @Test func helpHasEveryFlagAndEveryExperimentWithItsDefaults() {
    let help = train().help
    #expect(help.hasPrefix("Trains it.\n\nUSAGE: swift run train "))
    for flag in [
      "experiment", "epochs", "learning-rate", "batch-size", "seed", "set", "tags", "visualize", "explain",
      "load-checkpoint", "pretrained", "no-pretrained", "new-head", "resume", "no-save-checkpoint",
      "output-dir", "debug", "print-config",
      "no-wandb", "wandb-project", "wandb-name", "wandb-tags", "wandb-group", "tensorboard", "mlflow",
      "list-experiments", "experiment-info", "data-root", "threads", "prefetch-threads", "device",
      "log-level", "profile", "detect-anomaly",
    ] { #expect(help.contains("  --\(flag) "), "--\(flag)") }
    #expect(help.contains("(default: auto)") && help.contains("(default: info)"))
    #expect(help.hasSuffix(experimentTable(tinyCatalog)))
    for words in ["schedule ", "one of constant, cosine, linear", "label_smoothing ", "clip ", "gentle "] {
      #expect(help.contains("\n  \(words)") || help.contains(words), "\(words)")
    }
    #expect(!help.contains("gradcheck"), "what lab asks is not for people")
  }

  @Test func helpOfEvaluate() {
    let program = CommandLineProgram(tinyCatalog, "evaluate", "Judges it.", EvaluateOptions.self) { _ in 0 }
    #expect(program.help.contains("USAGE: swift run evaluate --checkpoint <checkpoint>"))
    for flag in [
      "checkpoint", "experiment", "split", "output", "save-predictions", "visualize", "output-dir",
    ] {
      #expect(program.help.contains("  --\(flag) "), "--\(flag)")
    }
    #expect(program.run([]) == 2, "--checkpoint is required")
  }
}
