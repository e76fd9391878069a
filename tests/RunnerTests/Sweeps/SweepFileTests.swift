import Engine
import TestSupport
import Testing
import Utils

@testable import Runner

/// Sweep files of Weights & Biases: what is read, and what is refused in one sentence.
@Suite struct SweepFileTests {
  private static let keys = [
    "epochs", "learning_rate", "batch_size", "seed", "hidden", "optimizer_name", "gentle",
  ]

  private func read(_ text: String) throws -> SweepFile {
    try SweepFile(Array(text.utf8), name: "sweep.yaml", keys: Self.keys)
  }

  private func parameter(_ text: String) throws -> SweepParameter {
    try #require(try read("method: random\nparameters:\n  learning_rate: {\(text)}").parameters.first)
  }

  @Test func aWholeFileAsItIs() throws {
    let file = try read(
      """
      program: train.py
      project: mnist
      command: [python, "${program}"]
      method: random
      run_cap: 12
      metric: {name: val_accuracy, goal: maximize, target: 0.99, impute: worst}
      early_terminate: {type: hyperband, min_iter: 2, eta: 2, strict: true}
      parameters:
        epochs: {value: 5}
        batch-size: {values: [16, 32]}
        gentle: {values: [True, false]}
        hidden: {values: [[300, 100], [50], null]}
        learning_rate: {distribution: log_uniform_values, min: 1e-4, max: 1e-1}
        optimizer: {parameters: {name: {values: [sgd, adam]}, seed: {min: 1, max: 3}}}
      """)
    #expect(file.method == .random && file.runCap == 12)
    #expect(file.ignored == ["program", "project", "command", "impute"])
    #expect(file.objective == Objective(metric: "val_accuracy", goal: .maximize, target: 0.99))
    #expect(file.hyperband?.bands.prefix(4) == [2, 4, 8, 16] && file.hyperband?.isStrict == true)
    #expect(file.constants.map(\.value) == ["5"])
    #expect(
      file.varied.map(\.key) == ["batch_size", "gentle", "hidden", "learning_rate", "optimizer_name", "seed"])
    #expect(file.varied[1].distribution == .categorical(["true", "false"], probabilities: []))
    #expect(file.varied[2].distribution == .categorical(["300-100", "50", "none"], probabilities: []))
    #expect(
      file.varied[5].distribution == .wholes(1...3), "a nested name without a setting means the last name")
  }

  @Test(arguments: [
    ("min: 1, max: 9", SweepParameter.Distribution.wholes(1...9), nil),
    ("min: 0.5, max: 2", .uniform(0.5, 2), nil),
    ("distribution: uniform, min: 1, max: 9", .uniform(1, 9), nil),
    ("distribution: q_uniform, min: 0, max: 1, q: 0.25", .uniform(0, 1), 0.25),
    ("distribution: q_normal, mu: 3", .normal(mean: 3, deviation: 1), 1),
    ("distribution: log_normal, sigma: 2", .logNormal(mean: 0, deviation: 2), nil),
    ("distribution: log_uniform, min: -3, max: 0", .logUniform(-3, 0), nil),
    ("distribution: inv_log_uniform, min: 1, max: 2", .logUniform(-2, -1), nil),
    ("distribution: beta, a: 2", .beta(2, 1), nil),
    ("values: [1, 2], probabilities: [0.3, 0.7]", .categorical(["1", "2"], probabilities: [0.3, 0.7]), nil),
    ("distribution: constant, value: 1", .constant("1"), nil),
  ]) func everyDistribution(text: String, distribution: SweepParameter.Distribution, step: Double?) throws {
    let parameter = try parameter(text)
    #expect(parameter.distribution == distribution && parameter.step == step)
  }

  @Test(arguments: [
    ("methd: grid", "did you mean method?"),
    ("method: grd\nparameters: {epochs: {value: 1}}", "did you mean grid?"),
    ("method: bayes\nparameters: {epochs: {value: 1}}", "bayes"),
    ("parameters: {epochs: {value: 1}}", "no method"),
    ("method: grid", "no parameters"),
    ("method: grid\nparameters: {epoch: {value: 1}}", "did you mean epochs?"),
    ("method: grid\nparameters: {epochs: {vales: [1]}}", "did you mean values?"),
    ("method: grid\nparameters: {epochs: {values: []}}", "no list"),
    ("method: grid\nparameters: {epochs: {values: [1, 1]}}", "twice"),
    ("method: grid\nparameters: {epochs: {values: [[[1, 2], 3]]}}", "no plain value"),
    ("method: grid\nparameters: {epochs: {}}", "says no values"),
    ("method: grid\nparameters: {epochs: {min: 3}}", "says no values"),
    ("method: grid\nparameters: {epochs: {min: 3, max: 1}}", "at most its max"),
    ("method: grid\nparameters: {epochs: {values: [1], probabilities: [2]}}", "all together 1"),
    ("method: grid\nparameters: {epochs: {distribution: unifrm, min: 0, max: 1}}", "did you mean uniform?"),
    (
      "method: grid\nparameters: {epochs: {distribution: log_uniform_values, min: 0, max: 1}}", "no logarithm"
    ),
    ("method: grid\nparameters: {epochs: {distribution: q_uniform, min: 0, max: 1, q: 0}}", "q above 0"),
    ("method: grid\nparameters: {epochs: {distribution: normal, min: 0}}", "unknown key"),
    ("method: grid\nparameters: {epochs: {value: 1}, a: {parameters: {epochs: {value: 2}}}}", "epochs twice"),
    ("method: grid\nparameters: {epochs: {value: 1}}\nrun_cap: 0", "1 to 1000000"),
    ("method: grid\nparameters: {epochs: {value: 1}}\nmetric: {goal: maximize}", "no name"),
    ("method: grid\nparameters: {epochs: {value: 1}}\nmetric: {name: a, goal: max}", "minimize or maximize"),
    ("method: grid\nparameters: {epochs: {value: 1}}\nearly_terminate: {type: hyperband}", "no metric"),
    (
      "method: grid\nparameters: {epochs: {value: 1}}\nmetric: {name: a}\nearly_terminate: {type: hyperband, max_iter: 9}",
      "without s"
    ),
    (
      "method: grid\nparameters: {epochs: {value: 1}}\nmetric: {name: a}\nearly_terminate: {type: envelope}",
      "type: hyperband"
    ),
    ("a: [", "is no YAML"), ("[1]", "no mapping"), ("", "empty"),
  ]) func whatIsNoSweepIsRefused(text: String, words: String) throws {
    expectLabError(mentioning: words, exitCode: 2) { try read(text) }
  }

  @Test func bandsOfMaxIter() throws {
    let text = "method: grid\nparameters: {epochs: {value: 1}}\nmetric: {name: a}\n"
    let file = try read(text + "early_terminate: {type: hyperband, max_iter: 27, s: 2, eta: 3}")
    #expect(file.hyperband?.bands == [3, 9] && file.hyperband?.isStrict == false)
    #expect(try read(text + "early_terminate: {type: hyperband}").hyperband?.bands.prefix(3) == [3, 9, 27])
  }

  @Test func aKeyTwiceIsNamed() throws {
    expectLabError(mentioning: "sweep.yaml, line 1, gives method twice; name each key once", exitCode: 2) {
      try read("method: grid\nmethod: random\nparameters: {epochs: {value: 1}}")
    }
  }
}
