import Foundation
import Testing
import Utils
import Yams

@testable import Tracking

@Suite struct RunDescriptionTests {
  @Test func theConfigurationIsFlattenedInOrder() {
    let run = sampleRun(config: [
      "steps": [30, 60], "optimizer": ["name": "sgd", "nesterov": false, "momentum": 0.9], "scheduler": nil,
      "empty": [:],
    ])
    #expect(
      run.parameters.map { "\($0.key)=\($0.value)" } == [
        "empty={}", "optimizer.momentum=0.9", "optimizer.name=sgd", "optimizer.nesterov=false",
        "scheduler=null",
        "steps=[30,60]",
      ])
    #expect(sampleRun(config: [:]).parameters.isEmpty)
  }

  @Test func theCommandLineCanBePasted() {
    var run = sampleRun()
    run.command = ["train", "--tags", "it's mine", "", "lr=0.1", "a*b"]
    #expect(run.commandLine == #"train --tags 'it'\''s mine' '' lr=0.1 'a*b'"#)
  }

  @Test func theYAMLReadsAsAPersonWroteIt() throws {
    let run = sampleRun(
      config: [
        "rate": 1e-5, "steps": [30, 60], "name": "sgd", "shuffle": true, "none": nil,
        "limit": .number(.infinity),
      ],
      tags: ["first", "yes"])
    let expected = """
      # Run abc123: 01_perceptron on xor, started \(Timestamp.readable(sampleDate)).
      run:
        id: abc123
        model: 01_perceptron
        architecture: Perceptron
        experiment: xor
        dataset: xor
        seed: 42
        tags: [first, 'yes']
      config:
        limit: .inf
        name: sgd
        none: null
        rate: 1.0e-05
        shuffle: true
        steps: [30, 60]
      git:
        commit: 2f1a
        branch: main
        dirty: true
      machine:
        cores: 2
        cpu: c
        host: h
        libraries:
          oneDNN: 2.6.0
        memory: 1073741824
        swift: '6.3'
        system: Linux

      """
    #expect(try run.yaml() == expected)
  }

  @Test(arguments: [
    "yes", "null", "1e3", "0x10", "a: b", "# no comment", "two\nlines", "a\rb\r\nc", "\u{7}\u{2028}x", "",
    "- x",
    "ünï", "'", "2026-11-21",
  ])
  func textsComeBackFromYAML(text: String) throws {
    let run = sampleRun(experiment: text, config: .object([text: .string(text)]))
    let node = try #require(try Yams.compose(yaml: try run.yaml()))
    #expect(node["run"]?["experiment"]?.string == text)
    let config = try #require(node["config"]?.mapping)
    #expect(config.count == 1 && config.first?.key.string == text && config.first?.value.string == text)
    #expect(config.first?.value.tag == Tag(.str))
  }

  @Test func numbersComeBackFromYAML() throws {
    let numbers = [0.1, 1e-5, 1.5e300, -0.0, 3, .leastNonzeroMagnitude]
    let run = sampleRun(config: ["n": .array(numbers.map(JSONValue.number))])
    let node = try #require(try Yams.compose(yaml: try run.yaml()))
    #expect(node["config"]?["n"]?.array().map { $0.float } == numbers)
  }

  @Test func quotedWordsAreReadBack() {
    let words = ["train", "a b", "it's", "", "--tags", "ä,*", "back\\slash", "two\nlines"]
    #expect(shellWords(words.map(shellQuoted).joined(separator: " ") + "\n") == words)
    #expect(shellWords("  a\\ b  'c'd ") == ["a b", "cd"])
    #expect(shellWords(" \n").isEmpty)
  }
}
