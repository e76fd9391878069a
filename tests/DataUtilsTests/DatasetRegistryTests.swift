import TestSupport
import Testing
import Utils

@testable import DataUtils

@Suite("Data sets by name")
struct DatasetRegistryTests {
  @Test func loadsWhatNeedsNoFiles() throws {
    for entry in DatasetRegistry.entries where entry.kind != .downloadable {
      let splits = try DatasetRegistry.load(entry.name)
      #expect(splits.train.name == entry.name)
      #expect(splits.parts == [.train, .all])
      #expect(entry.summary.hasPrefix("\(splits.train.count) x "), "\(entry.summary)")
      #expect(entry.summary.contains("\(splits.train.classNames.count) classes"), "\(entry.summary)")
    }
  }

  @Test func underscoresAreDashes() throws {
    #expect(try DatasetRegistry.load("breast_cancer").train.count == 569)
    #expect(try DatasetRegistry.load("linear_separable", samples: 20).train.count == 20)
  }

  @Test func unknownNames() {
    let sentence = expectLabError(mentioning: "\"moon\"", "did you mean moons?", "xor", "fashion-mnist") {
      _ = try DatasetRegistry.load("moon")
    }
    #expect(sentence.count < 300)
    expectLabError(mentioning: "\"zebra\"", "choose among") { _ = try DatasetRegistry.load("zebra") }
  }

  @Test func impossibleWishes() {
    expectLabError(mentioning: "-1 samples") { _ = try DatasetRegistry.load("xor", samples: -1) }
    expectLabError(mentioning: "iris is embedded", "samples") {
      _ = try DatasetRegistry.load("iris", samples: 10)
    }
    expectLabError(mentioning: "0 samples") { _ = try DatasetRegistry.load("xor", samples: 0) }
    expectLabError(mentioning: "noise") { _ = try DatasetRegistry.load("xor", noise: .nan) }
    expectLabError(mentioning: "noise") { _ = try DatasetRegistry.load("xor", noise: -0.1) }
    expectLabError(mentioning: "noise") { _ = try DatasetRegistry.load("linear-separable", noise: 1.5) }
  }

  @Test func aMissingSetSaysTheCommand() throws {
    let folder = try TemporaryFolder()
    expectLabError(mentioning: "swift run lab data fetch mnist --data-root \(folder.url.path)") {
      _ = try DatasetRegistry.load("mnist", folder: DataFolder(folder.url.path))
    }
    let sentence = expectLabError(mentioning: "swift run lab data fetch fashion-mnist", "LAB_DATA") {
      let environment = ["LAB_DATA": folder.url.path + "/LAB_DATA"]
      _ = try DatasetRegistry.load("fashion-mnist", folder: DataFolder(nil, environment: environment))
    }
    #expect(!sentence.contains("--data-root"))
    expectLabError(mentioning: "cifar10", "no public address", "https://www.cs.toronto.edu") {
      _ = try DatasetRegistry.load("cifar10", folder: DataFolder(folder.url.path))
    }
  }
}
