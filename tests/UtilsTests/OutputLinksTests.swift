import Foundation
import Testing
import Utils

@Suite("Symbolic links among results")
struct OutputLinksTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "links-\(UUID().uuidString)")

  private func withFolder(_ body: (_ inner: URL, _ elsewhere: URL) throws -> Void) throws {
    let files = FileManager.default
    let (inner, elsewhere) = (folder.appending(path: "run/models"), folder.appending(path: "elsewhere"))
    try files.createDirectory(at: inner, withIntermediateDirectories: true)
    try files.createDirectory(at: elsewhere, withIntermediateDirectories: true)
    defer { try? files.removeItem(at: folder) }
    try body(inner, elsewhere)
  }

  @Test func aLinkIsNamed() throws {
    try withFolder { inner, elsewhere in
      let link = inner.appending(path: "last.safetensors")
      try OutputLinks.refuse(inside: inner.deletingLastPathComponent())
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: elsewhere)
      for refuse in [{ try OutputLinks.refuse(at: link) }, { try OutputLinks.refuse(inside: folder) }] {
        let error = #expect(throws: LabError.self) { try refuse() }
        #expect(error?.description.contains("last.safetensors is a symbolic link") == true)
      }
      try OutputLinks.refuse(at: inner)
    }
  }

  @Test func aLinkThatLeadsNowhereIsOneToo() throws {
    try withFolder { inner, _ in
      let link = inner.appending(path: "log.txt")
      try FileManager.default.createSymbolicLink(
        at: link, withDestinationURL: folder.appending(path: "nothing"))
      #expect(throws: LabError.self) { try OutputLinks.refuse(at: link) }
      #expect(throws: LabError.self) { try Narrative.keep(in: link) }
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "nothing").path))
    }
  }

  @Test func whatIsNotThereIsNone() throws {
    try OutputLinks.refuse(at: folder)
    try OutputLinks.refuse(inside: folder)
  }

  /// The client of Weights & Biases leaves such links.
  @Test func latestRunOfAClient() throws {
    try withFolder { inner, elsewhere in
      try FileManager.default.createSymbolicLink(
        at: inner.appending(path: "latest-run"), withDestinationURL: elsewhere)
      try OutputLinks.refuse(inside: folder)
    }
  }
}
