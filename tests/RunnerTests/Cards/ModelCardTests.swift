import DataUtils
import Foundation
import TestSupport
import Testing
import Utils

@testable import Runner

/// A card with every key.
let tinyCard = """
  title: Tiny classifier
  year: 2000
  authors: [Nobody, Somebody]
  paper:
    title: "On tiny things: a study"
    where: "Journal 1(1)"
    doi: 10.1/1
  level: Keystone
  module: 1 Foundations
  key_idea: One layer is enough.
  strength: Blobs are told apart.
  weakness: The corners of xor are not.
  published:
    - experiment: xor
      metric: all_accuracy
      value: 0.75
      source: somewhere
  network: {experiment: three-blobs, parameters: 9}
  experiments: [three-blobs, two-rates, xor, pictures, questions, failing]

  """

@Suite struct ModelCardTests {
  private let folder = DataFolder("nowhere")

  @Test func aWholeCardIsRead() throws {
    let card = try ModelCard(tinyCard, name: "99_tiny/card.yaml")
    #expect(card.title == "Tiny classifier" && card.year == 2000 && card.authors == ["Nobody", "Somebody"])
    #expect(card.paper == "On tiny things: a study" && card.appeared == "Journal 1(1)")
    #expect(card.published.map(\.value) == [0.75] && card.network?.parameters == 9)
    #expect(card.experiments?.count == 6)
  }

  @Test(arguments: [
    ("year: 2000\n", "", "99_tiny/card.yaml has no year; add the line year: ...."),
    ("year: 2000", "year: soon", "has the year soon; give a whole number from 1900 to 2100"),
    ("key_idea:", "keyidea:", #"has an unknown key "keyidea"; did you mean key_idea?"#),
    ("authors: [Nobody, Somebody]", "authors: Nobody", "has authors that are no list of texts"),
    ("authors: [Nobody, Somebody]", "authors: []", "has no authors"),
    ("strength: Blobs are told apart.", "strength: \"\"", "has a strength that is no text"),
    ("value: 0.75", "value: much", "published 1, has the value much; give a number"),
    ("parameters: 9", "parameters: -9", "network, has the parameters -9"),
    ("key_idea: One", "key_idea: One: two", "is no YAML"),
    ("where: \"Journal 1(1)\"", "were: x", "paper, has no where"),
  ])
  func whatIsWrongIsOneSentence(old: String, new: String, sentence: String) throws {
    expectLabError(mentioning: "99_tiny/card.yaml", sentence) {
      try ModelCard(tinyCard.replacing(old, with: new), name: "99_tiny/card.yaml")
    }
  }

  @Test(arguments: ["", "a list", "- a\n- b", "[", "*x", String(repeating: "[", count: 3000)])
  func whatIsNoCardIsRefused(text: String) throws {
    expectLabError(mentioning: "card.yaml", exitCode: 1) { try ModelCard(text, name: "card.yaml") }
  }

  @Test func filesThatAreNoCardsAreRefused() throws {
    let bench = try Bench()
    let file = bench.root.appending(path: "card.yaml")
    expectLabError(mentioning: "card.yaml cannot be read") { try ModelCard(contentsOf: file) }
    try Data(repeating: 32, count: 200_000).write(to: file)
    expectLabError(mentioning: "larger than 100 kB") { try ModelCard(contentsOf: file) }
    try Data([0xFF, 0xFE, 0]).write(to: file)
    expectLabError(mentioning: "not UTF-8") { try ModelCard(contentsOf: file) }
  }

  @Test func aCardThatFitsDiffersInNothing() throws {
    let card = try ModelCard(tinyCard, name: "card.yaml")
    #expect(try card.differences(from: tinyCatalog, data: folder) == [])
  }

  @Test func differencesFromTheProgramAreTold() throws {
    func differences(_ old: String, _ new: String) throws -> String {
      try ModelCard(tinyCard.replacing(old, with: new), name: "card.yaml")
        .differences(from: tinyCatalog, data: folder).joined(separator: " ")
    }
    #expect(
      try differences("[three-blobs, two-rates, xor,", "[two-rates, xor,").contains(
        "write experiments: [three-blobs, two-rates, xor"))
    #expect(
      try differences("parameters: 9", "parameters: 8").contains("has 9 parameters and the card says 8"))
    #expect(try differences("{experiment: three-blobs", "{experiment: mnist").contains("no experiment"))
    #expect(
      try differences("- experiment: xor", "- experiment: mnist").contains("published figure is of mnist"))
    let bare = tinyCard.split(separator: "\n").filter { !$0.hasPrefix("network") }.joined(separator: "\n")
    #expect(
      try ModelCard(bare, name: "card.yaml").differences(from: tinyCatalog, data: folder).count == 1)
    expectLabError(mentioning: "fetch it") {
      try differences("{experiment: three-blobs", "{experiment: failing")
    }
  }
}
