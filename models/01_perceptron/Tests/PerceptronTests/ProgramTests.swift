import Engine
import Foundation
import ModelTesting
import Perceptron
import Testing
import Tracking
import Utils

/// `train` and `evaluate` as a person types them.
@Suite struct ProgramTests {
  private let bench: ProgramBench

  init() throws { bench = try ProgramBench(for: perceptronCatalog) }

  private func said(_ program: String, _ arguments: String...) throws -> String {
    let ending = try bench.run(program, arguments)
    #expect(ending.code == 0 && ending.errors.isEmpty, "\(ending.errors)")
    return ending.output
  }

  @Test func theTableListsEveryExperiment() throws {
    let lines = try said("train", "--list-experiments").split(separator: "\n")
    #expect(lines.count == perceptronCatalog.experiments.count + 1)
    for (line, experiment) in zip(lines.dropFirst(), perceptronCatalog.experiments) {
      #expect(line.hasPrefix("\(experiment.name) ") && line.contains(experiment.band.text))
    }
  }

  @Test func allAboutOneExperiment() throws {
    let info = try said("train", "--experiment-info", "iris_hard")
    for words in [
      "Perceptron (Rosenblatt 1957)", "iris-versicolor-virginica", "all pocket_accuracy >= 0.9",
      "learning_rate", "one of petal, all", "no convergence",
    ] { #expect(info.contains(words), "\(words)") }
  }

  @Test func theMergedConfiguration() throws {
    let yaml = try said(
      "train", "--experiment", "iris-hard", "--print-config", "--epochs", "7", "features=all", "--seed", "3")
    for line in [
      "experiment: iris-hard", "  epochs: 7", "  features: all", "  seed: 3", "  batch_size: null",
    ] {
      #expect(yaml.contains(line + "\n"), "\(line)")
    }
    #expect(!FileManager.default.fileExists(atPath: bench.outputs.path), "nothing was run")
  }

  @Test func helpShowsFlagsDefaultsAndExperiments() throws {
    let help = try said("train", "--help")
    for words in [
      "USAGE: swift run train", "--epochs <n>", "(default: the experiment's)", "(default: 42)",
      "(default: auto)",
      "iris-hard", "mnist-0v1",
    ] { #expect(help.contains(words), "\(words)") }
    let other = try said("evaluate", "--help")
    for words in ["USAGE: swift run evaluate", "--split <part>", "train, val, test or all", "--output"] {
      #expect(other.contains(words), "\(words)")
    }
  }

  @Test func theFirstUpdatesOnTheBlackboard() throws {
    let told = try said("train", "--experiment", "xor", "--explain", "2", "epochs=1")
    #expect(told.components(separatedBy: "prediction  y =").count == 3)
    #expect(told.contains("From here on the same rule goes on without words."))
  }

  @Test func whatLabGradcheckAsks() throws {
    let answer = try JSONValue(parsing: said("train", "--gradcheck", "5"))
    #expect(answer["model"] == "01_perceptron" && answer["passed"] == true)
    let rows = try #require(answer["parameters"]?.array)
    #expect(rows.map { $0["name"]?.string } == ["weight", "bias"])
    for row in rows { #expect(try #require(row["error"]?.double) < 0.02) }
  }

  @Test func aRunIsJudgedAgainFromItsCheckpointAlone() throws {
    let run = try bench.train("--experiment", "iris-hard", "--tags", "first,second")
    let output = bench.root.appending(path: "x.json")
    let said = try said(
      "evaluate", "--checkpoint", "latest", "--output", output.path, "--save-predictions", "--visualize")
    #expect(said.contains("expected   all pocket_accuracy >= 0.9") && said.contains("as expected"))
    let (judged, trained) = (try json(output), try json(run.results))
    for key in ["experiment", "split", "count", "metrics", "band", "published", "within_band"] {
      #expect(judged[key] != nil && judged[key] == trained[key], "\(key)")
    }
    #expect(judged["checkpoint_sha256"] == trained["checkpoint_sha256"])
    let rows = try text(bench.root.appending(path: "x.predictions.csv")).split(separator: "\n")
    #expect(rows.count == 101 && rows[0] == "index,actual,predicted,output_0")
    let pictures = run.visualizations.appending(path: "evaluation_all")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: pictures.path).sorted() == [
        "confusion_matrix.png", "confusion_matrix.svg", "decision_regions.png", "decision_regions.svg",
      ])
  }
}
