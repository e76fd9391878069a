import Engine
import TestSupport
import Testing
import Utils

@testable import Runner

@Suite struct ModelCatalogTests {
  @Test(arguments: [
    "three-blobs", "three_blobs", "Three-Blobs", "blobs", "debug_blobs", "debug-blobs",
  ]) func anExperimentAnswersToEverySpellingOfItsNames(name: String) throws {
    #expect(try tinyCatalog.experiment(name).name == "three-blobs")
  }

  @Test func aTypoIsAnsweredWithTheNearestNameAndTheList() throws {
    expectLabError(
      mentioning: "99_tiny has no experiment pictuers", "did you mean pictures?",
      "the experiments are three-blobs, two-rates, xor, pictures, questions, failing", exitCode: 2
    ) { try tinyCatalog.experiment("pictuers") }
    expectLabError(mentioning: "did you mean exclusive-or?") { try tinyCatalog.experiment("exclusive") }
    let sentence = expectLabError(mentioning: "no experiment mnist;") {
      try tinyCatalog.experiment("mnist")
    }
    #expect(!sentence.contains("did you mean"))
  }

  @Test func aNetworkIsBuiltFromItsConfigurationAlone() throws {
    var random = RandomStream(seed: 1)
    let network = try tinyCatalog.network(
      "tiny", ["inputs": 3, "outputs": 2], source: "a file", using: &random)
    #expect(network.parameterCount == 8)
    expectLabError(
      mentioning: "a.safetensors holds a network called resnet18, which 99_tiny does not know",
      "this one knows tiny", exitCode: 1
    ) { try tinyCatalog.network("resnet18", [:], source: "a.safetensors", using: &random) }
  }

  @Test(arguments: ["missing", "0", "-1", "1.5", "\"many\"", "200000000", "9223372036854775807"])
  func aConfigurationThatNobodyWroteIsRefused(inputs: String) throws {
    var random = RandomStream(seed: 1)
    let text = inputs == "missing" ? #"{"outputs":2}"# : #"{"inputs":\#(inputs),"outputs":2}"#
    let configuration = try JSONValue(parsing: Array(text.utf8))
    expectLabError(
      mentioning: "a.safetensors: the network's inputs is \(inputs) and not a whole number", exitCode: 1
    ) { try tinyCatalog.network("tiny", configuration, source: "a.safetensors", using: &random) }
  }

  @Test func theTableHasALineForEachExperimentWithItsDefaults() throws {
    let lines = experimentTable(tinyCatalog).split(separator: "\n")
    #expect(lines.count == 7)
    func cells(_ line: Substring) -> [Substring] { line.split(separator: " ") }
    #expect(cells(lines[0]) == ["EXPERIMENT", "PURPOSE", "RUNS", "EPOCHS", "RATE", "BATCH", "EXPECTED"])
    #expect(
      cells(lines[1]) == ["three-blobs", "strength", "1", "4", "0.1", "16", "test", "accuracy", ">=", "0.9"])
    #expect(lines[3].contains("all opposite_accuracy <= 0.75"))
  }

  @Test func allAboutOneExperiment() throws {
    let info = experimentInfo(try tinyCatalog.experiment("blobs"), of: tinyCatalog)
    for words in [
      "three-blobs", "the summary of three-blobs", "Tiny classifier (Nobody 2000)", "strength",
      "blobs, debug_blobs", "gradient descent on cross_entropy", "test accuracy >= 0.9",
      "100 % (Nobody 2000)",
      "learning_curve, decision_regions, confusion_matrix, weights, roc",
    ] { #expect(info.contains(words), "\(words)") }
    let rows = info.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    for setting in try tinyCatalog.experiment("blobs").settings.all {
      let row = try #require(rows.first { $0.first == setting.key })
      let value = setting.value == nil ? "none" : setting.value.string ?? setting.value.text()
      #expect(
        row[1] == value.replacing(",", with: ", ").split(separator: " ").first.map(String.init),
        "the default of \(setting.key)")
    }
    let other = experimentInfo(try tinyCatalog.experiment("pictures"), of: tinyCatalog)
    #expect(other.contains("also called  -") && other.contains("published    -"))
  }
}
