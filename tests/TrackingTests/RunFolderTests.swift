import Foundation
import Testing
import Utils

@testable import Tracking

@Suite struct RunFolderTests {
  @Test func aRunHasItsFolders() throws {
    try withFolder { outputs in
      let run = try RunFolder.create(under: outputs, experiment: "xor", at: sampleDate)
      #expect(run.url.lastPathComponent == "\(Timestamp.folderName(sampleDate))-\(run.id)")
      #expect(run.url.deletingLastPathComponent().lastPathComponent == "xor")
      #expect(run.id.wholeMatch(of: /[0-9a-z]{6}/) != nil)
      let inside = try FileManager.default.contentsOfDirectory(atPath: run.url.path)
      #expect(inside.sorted() == ["models", "visualizations"])
      #expect(run.bestCheckpoint.path == run.url.path + "/models/best.safetensors")
      #expect(RunFolder(at: run.url)?.id == run.id)
    }
  }

  @Test func aRenamedRunIsKnownByItsResults() throws {
    try withFolder { outputs in
      let run = try RunFolder.create(under: outputs, experiment: "xor")
      let renamed = outputs.appending(path: "the good one")
      try FileManager.default.moveItem(at: run.url, to: renamed)
      #expect(RunFolder(at: renamed) == nil, "nothing in it says which run it is")
      try Data(#"{"id": "../../x"}"#.utf8).write(to: renamed.appending(path: "results.json"))
      #expect(RunFolder(at: renamed) == nil)
      try Data("{\"id\": \"\(run.id)\"}".utf8).write(to: renamed.appending(path: "results.json"))
      #expect(RunFolder(at: renamed)?.id == run.id)
    }
  }

  @Test func latestIsARelativeLinkToTheNewest() throws {
    try withFolder { outputs in
      _ = try RunFolder.create(under: outputs, experiment: "and")
      let second = try RunFolder.create(under: outputs, experiment: "xor")
      let link = outputs.appendingPathComponent("latest").path
      let target = try FileManager.default.destinationOfSymbolicLink(atPath: link)
      #expect(target == "xor/\(second.url.lastPathComponent)")
      let names = try FileManager.default.contentsOfDirectory(atPath: outputs.path)
      #expect(names.sorted() == ["and", "latest", "xor"])
    }
  }

  /// The folder of an experiment that is a link would send the run elsewhere; the folder that the user names may be one.
  @Test func linksAreNotFollowed() throws {
    try withFolder { folder in
      let (outputs, elsewhere) = (folder.appending(path: "outputs"), folder.appending(path: "elsewhere"))
      let files = FileManager.default
      for place in [outputs, elsewhere] {
        try files.createDirectory(at: place, withIntermediateDirectories: true)
      }
      try files.createSymbolicLink(at: outputs.appending(path: "xor"), withDestinationURL: elsewhere)
      let error = try labError { try RunFolder.create(under: outputs, experiment: "xor") }
      #expect(error.kind == .tracking && error.cause.contains("outputs/xor is a symbolic link"))
      #expect(try files.contentsOfDirectory(atPath: elsewhere.path).isEmpty)

      let named = folder.appending(path: "named")
      try files.createSymbolicLink(at: named, withDestinationURL: outputs)
      let run = try RunFolder.create(under: named, experiment: "and")
      #expect(try RunFolder.find("latest", under: named).id == run.id)

      let log = run.url.appending(path: "metrics.jsonl")
      try files.createSymbolicLink(at: log, withDestinationURL: elsewhere.appending(path: "stolen"))
      let refusal = try labError { try append([1], to: log) }
      #expect(refusal.cause.contains("metrics.jsonl cannot be written: a symbolic link stands in its place"))
      #expect(try files.contentsOfDirectory(atPath: elsewhere.path).isEmpty)
    }
  }

  @Test func runsOfTheSameSecondDoNotCollide() async throws {
    let outputs = FileManager.default.temporaryDirectory.appendingPathComponent(
      "tracking-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: outputs) }
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<32 {
        group.addTask { try RunFolder.create(under: outputs, experiment: "xor", at: sampleDate).id }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(ids.count == 32)
    #expect(RunFolder.all(under: outputs).count == 32)
    #expect(ids.contains(try RunFolder.find("latest", under: outputs).id))
  }

  @Test(arguments: ["", "latest", "..", "a/b", ".hidden", "a\0b"])
  func unfitNamesAreRefused(experiment: String) throws {
    try withFolder { outputs in
      let error = try labError { try RunFolder.create(under: outputs, experiment: experiment) }
      #expect(error.kind == .config && error.cause.contains("experiment name"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: outputs.path).isEmpty)
    }
  }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("file")
      try Data().write(to: file)
      let below = try labError {
        try RunFolder.create(under: file.appendingPathComponent("outputs"), experiment: "xor")
      }
      #expect(below.cause.contains("file/outputs/xor") && below.remedy.contains("--output-dir"))
      #expect(below.cause.hasSuffix("not a directory"))
      let system = try labError {
        try RunFolder.create(under: URL(fileURLWithPath: "/proc/outputs"), experiment: "xor")
      }
      #expect(system.cause.contains("/proc/outputs/xor") && system.exitCode == 1)
    }
  }

  @Test func aFolderInTheLinksPlaceIsNamed() throws {
    try withFolder { outputs in
      try FileManager.default.createDirectory(
        at: outputs.appendingPathComponent("latest"), withIntermediateDirectories: false)
      let error = try labError { try RunFolder.create(under: outputs, experiment: "xor") }
      #expect(error.cause.contains("latest"))
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: outputs.path).sorted() == ["latest", "xor"])
    }
  }
}
