import Foundation
import Testing

@testable import Utils

/// Runs git in `folder` with an identity of its own and without the person's configuration.
private func git(_ arguments: String..., in folder: URL) throws {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments =
    ["git", "-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false"] + arguments
  process.currentDirectoryURL = folder
  process.standardOutput = FileHandle.nullDevice
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  try #require(process.terminationStatus == 0)
}

private func withFolder(_ body: (URL) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("git-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder)
}

@Suite struct GitFactsTests {
  @Test func porcelainIsUnderstood() {
    let clean = "# branch.oid 2f1a\n# branch.head main\n# branch.upstream origin/main\n# branch.ab +0 -0\n"
    #expect(GitFacts(porcelain: clean) == GitFacts(commit: "2f1a", branch: "main", isDirty: false))
    #expect(GitFacts(porcelain: clean + "? new.swift\n")?.isDirty == true)
    let detached = "# branch.oid 2f1a\n# branch.head (detached)\n"
    #expect(GitFacts(porcelain: detached) == GitFacts(commit: "2f1a", branch: nil, isDirty: false))
    #expect(GitFacts(porcelain: "") == nil)
  }

  @Test func aCheckoutTellsItsCommitBranchAndChanges() throws {
    try withFolder { folder in
      try git("init", "-q", "-b", "lesson", in: folder)
      #expect(GitFacts.read(in: folder) == GitFacts(commit: nil, branch: "lesson", isDirty: false))

      let file = folder.appendingPathComponent("file")
      try Data("one".utf8).write(to: file)
      #expect(GitFacts.read(in: folder)?.isDirty == true)
      try git("add", "file", in: folder)
      try git("commit", "-q", "-m", "one", in: folder)
      let clean = try #require(GitFacts.read(in: folder))
      #expect(clean.commit?.count == 40)
      #expect(clean.branch == "lesson")
      #expect(!clean.isDirty)

      try Data("two!".utf8).write(to: file)
      #expect(GitFacts.read(in: folder)?.isDirty == true)
    }
  }

  @Test func outsideACheckoutThereAreNone() throws {
    try withFolder { folder in #expect(GitFacts.read(in: folder) == nil) }
    #expect(GitFacts.read(in: URL(fileURLWithPath: "/no/such/folder")) == nil)
  }

  @Test func manyReadersAtOnceAgree() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("git-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try git("init", "-q", "-b", "main", in: folder)
    let all = await withTaskGroup(of: GitFacts?.self) { group in
      for _ in 0..<8 { group.addTask { GitFacts.read(in: folder) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(all.count == 8)
    #expect(all.allSatisfy { $0 == GitFacts(commit: nil, branch: "main", isDirty: false) })
  }
}
