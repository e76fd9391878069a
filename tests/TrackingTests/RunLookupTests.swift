import Foundation
import Testing
import Utils

@testable import Tracking

/// A folder with three runs: two ids begin alike.
private func withRuns(_ body: (URL) throws -> Void) throws {
  try withFolder { outputs in
    for name in [
      "xor/20260101-000000-abc111", "and/20260102-000000-abc222", "xor/20260103-000000-k3f9a2", "xor/notes",
    ] {
      try FileManager.default.createDirectory(
        at: outputs.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    try body(outputs)
  }
}

@Suite struct RunLookupTests {
  @Test(arguments: ["k3f9a2", "k3f", "20260103-000000-k3f9a2"])
  func idsPrefixesAndNamesAreFound(reference: String) throws {
    try withRuns { outputs throws in #expect(try RunFolder.find(reference, under: outputs).id == "k3f9a2") }
  }

  @Test func allRunsAreListedNewestFirst() throws {
    try withRuns { #expect(RunFolder.all(under: $0).map(\.id) == ["k3f9a2", "abc222", "abc111"]) }
    #expect(RunFolder.all(under: URL(fileURLWithPath: "/no/such/folder")).isEmpty)
  }

  @Test func pathsAreFound() throws {
    try withRuns { outputs in
      let path = outputs.appendingPathComponent("and/20260102-000000-abc222").path
      #expect(try RunFolder.find(path, under: URL(fileURLWithPath: "/elsewhere")).id == "abc222")
      #expect(try RunFolder.find(path + "/", under: outputs).id == "abc222")
      let other = try labError { try RunFolder.find(outputs.path + "/xor", under: outputs) }
      #expect(other.cause.contains("not the folder of a run"))
      let missing = try labError { try RunFolder.find(outputs.path + "/nor", under: outputs) }
      #expect(missing.cause.contains("no run folder"))
    }
  }

  @Test func theLatestIsFollowed() throws {
    try withRuns { outputs in
      #expect(try labError { try RunFolder.find("latest", under: outputs) }.cause.contains("no latest run"))
      let run = try RunFolder.create(under: outputs, experiment: "xor")
      #expect(try RunFolder.find("latest", under: outputs).id == run.id)
      try FileManager.default.removeItem(at: run.url)
      #expect(
        try labError { try RunFolder.find("latest", under: outputs) }.cause.contains("not there any more"))
    }
  }

  @Test func ambiguousPrefixesAreListed() throws {
    try withRuns { outputs in
      let error = try labError { try RunFolder.find("abc", under: outputs) }
      #expect(error.cause.contains("begins 2 runs") && error.cause.hasSuffix("abc222, abc111"))
    }
  }

  @Test func typosAreAnsweredWithTheNearest() throws {
    try withRuns { outputs in
      let error = try labError { try RunFolder.find("k3f8a2", under: outputs) }
      #expect(error.remedy.hasPrefix("did you mean k3f9a2?"))
      #expect(error.remedy.contains("abc222, abc111") && error.exitCode == 2)
      let short = try labError { try RunFolder.find("k3", under: outputs) }
      #expect(short.cause.contains("no run \"k3\""))
      let none = try labError { try RunFolder.find("abc111", under: outputs.appendingPathComponent("none")) }
      #expect(none.remedy == "train first")
    }
  }
}
