import Foundation
import TestSupport
import Testing
import Utils

@testable import DataUtils

/// Published weights from a server on the loopback address: downloaded, verified, kept.
@Suite("Published weights")
struct WeightsFolderTests {
  private let folder: TemporaryFolder
  private let content = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

  init() throws { folder = try TemporaryFolder() }

  /// A cache of its own whose catalogue holds `tiny.v1`, to be had from `addresses`.
  private func weights(_ addresses: String...) -> WeightsFolder {
    let file = CatalogueEntry.File(
      path: "model.safetensors", bytes: content.count, sha256: SHA256.hex(of: content), addresses: addresses)
    let entry = CatalogueEntry(
      name: "tiny.v1", title: "Tiny", licence: "none", citation: "nobody", canonical: [], files: [file])
    return WeightsFolder(
      Catalogue(entries: [entry]), ["LAB_WEIGHTS": folder.url.appending(path: "cache").path])
  }

  @Test func aName() throws {
    let server = try LoopbackServer(["/good": .content(content)])
    let weights = weights(server.address("/good"))
    #expect(!weights.holds(weights.catalogue.entries[0]))
    let file = try weights.file(for: "tiny.v1")
    #expect(try Data(contentsOf: file) == Data(content))
    #expect(file.path.hasSuffix("cache/tiny.v1/model.safetensors"))
    #expect(weights.holds(weights.catalogue.entries[0]))
    #expect(try weights.file(for: "timm/tiny.v1", mayDownload: false) == file)
    #expect(server.requests == ["/good"], "a second time it comes from the cache")
  }

  @Test func whatIsDamagedIsFetchedAnew() throws {
    let server = try LoopbackServer(["/good": .content(content)])
    let weights = weights(server.address("/good"))
    let file = try weights.file(for: "tiny.v1")
    try Data(content.map { $0 ^ 1 }).write(to: file)
    #expect(try Data(contentsOf: weights.file(for: "tiny.v1")) == Data(content))
    #expect(server.requests == ["/good", "/good"])
  }

  @Test func aMirrorWithOtherBytesThenAGoodOne() throws {
    let server = try LoopbackServer([
      "/gone": .status(500), "/wrong": .content(content.map { $0 ^ 1 }), "/moved": .redirect("/good"),
      "/good": .content(content),
    ])
    var told: [String] = []
    let weights = weights(server.address("/gone"), server.address("/wrong"), server.address("/moved"))
    let file = try weights.file(for: "tiny.v1") { told.append($0) }
    #expect(try Data(contentsOf: file) == Data(content))
    #expect(server.requests == ["/gone", "/wrong", "/moved", "/good"])
    #expect(told.contains { $0.contains("its checksum is wrong") })
    #expect(told.contains { $0.contains("500") })
  }

  @Test func aTransferThatIsCutOffIsGoneOnWith() throws {
    let server = try LoopbackServer(["/good": .cutOff(content, after: 50_000)])
    let weights = weights(server.address("/good"))
    expectLabError(mentioning: "could not be downloaded") { _ = try weights.file(for: "tiny.v1") }
    server.answer("/good", .content(content))
    #expect(try Data(contentsOf: weights.file(for: "tiny.v1")) == Data(content))
    #expect(server.requests == ["/good", "/good from 50000"])
  }

  @Test func anAddress() throws {
    let sum = SHA256.hex(of: content)
    let server = try LoopbackServer([
      "/net.safetensors": .content(content), "/net-\(sum.prefix(8)).pth": .content(content),
      "/net-00000000.pth": .content(content), "/page.safetensors": .content(content),
    ])
    let weights = weights()
    let plain = try weights.file(for: server.address("/net.safetensors"))
    #expect(plain.lastPathComponent == "net.safetensors")
    #expect(try weights.file(for: server.address("/net.safetensors"), mayDownload: false) == plain)
    #expect(
      try Data(contentsOf: weights.file(for: server.address("/net.safetensors#sha256=\(sum)")))
        == Data(content))
    #expect(
      try Data(contentsOf: weights.file(for: server.address("/net-\(sum.prefix(8)).pth"))) == Data(content))
    #expect(server.requests.count == 2, "the sum does not change where it is kept")
    expectLabError(mentioning: "net-00000000.pth", "its checksum is wrong") {
      _ = try weights.file(for: server.address("/net-00000000.pth"))
    }
    let wrong = String(repeating: "0", count: 64)
    expectLabError(mentioning: "its checksum is wrong") {
      _ = try weights.file(for: server.address("/net.safetensors#sha256=\(wrong)"))
    }
    expectLabError(mentioning: "could not be downloaded: what came is a page") {
      _ = try weights.file(for: server.address("/page.safetensors")) { _ in
      } check: {
        throw LabError(.checkpoint, "\($0.relativePath) is a page", remedy: "none")
      }
    }
    expectLabError(mentioning: "#sha256=") {
      _ = try weights.file(for: server.address("/net.safetensors#md5=1"))
    }
    expectLabError(mentioning: "could not be downloaded", "404") {
      _ = try weights.file(for: server.address("/no"))
    }
    let requests = server.requests.count
    #expect(
      try weights.file(for: server.address("/net.safetensors")) { _ in
      } check: { _ in
      } == plain)
    #expect(server.requests.count == requests)
    expectLabError(mentioning: "is a page") {
      _ = try weights.file(for: server.address("/net.safetensors")) { _ in
      } check: {
        throw LabError(.checkpoint, "\($0.relativePath) is a page", remedy: "none")
      }
    }
    #expect(server.requests.count == requests + 1, "what is none is downloaded again")
    let left = try FileManager.default.subpathsOfDirectory(atPath: weights.root.path)
    #expect(!left.contains { $0.hasSuffix(".part") || $0.contains("page") }, "\(left)")
  }

  @Test func whatIsNotDownloadedUnasked() throws {
    let server = try LoopbackServer(["/good": .content(content)])
    let weights = weights(server.address("/good"))
    for source in ["tiny.v1", server.address("/good")] {
      expectLabError(mentioning: source, "--no-pretrained") {
        _ = try weights.file(for: source, mayDownload: false)
      }
    }
    #expect(server.requests.isEmpty)
    expectLabError(mentioning: "tiny.v2 is no file", "did you mean tiny.v1?") {
      _ = try weights.file(for: "tiny.v2")
    }
    #expect(try weights.file(for: folder.url.path).path == folder.url.path)
  }

  @Test func theCatalogue() throws {
    let weights = try WeightsFolder(environment: ["XDG_CACHE_HOME": "/nowhere"])
    #expect(weights.root.path == "/nowhere/ai-from-scratch/weights")
    #expect(weights.catalogue.entries.count >= 6)
    for entry in weights.catalogue.entries {
      #expect(entry.isFetchable && entry.files.count == 1, "\(entry.name)")
      #expect(
        entry.files[0].addresses.allSatisfy {
          $0.hasPrefix("https://huggingface.co/timm/\(entry.name)/resolve/")
        })
      #expect(entry.files[0].sha256.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    }
  }
}
