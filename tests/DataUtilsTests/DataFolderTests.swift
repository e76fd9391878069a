import Foundation
import TestSupport
import Testing
import Utils

@testable import DataUtils

@Suite("Data folder")
struct DataFolderTests {
  @Test func flagThenVariableThenCache() {
    let all = ["LAB_DATA": "/lab", "XDG_CACHE_HOME": "/cache", "HOME": "/home/ada"]
    #expect(DataFolder("/flag", environment: all).root.path == "/flag")
    #expect(DataFolder("/flag", environment: all).origin == "--data-root")
    #expect(DataFolder(environment: all).root.path == "/lab")
    #expect(DataFolder(environment: all).origin == "LAB_DATA")
    let cache = all.filter { $0.key != "LAB_DATA" }
    #expect(DataFolder(environment: cache).root.path == "/cache/ai-from-scratch/data")
    #expect(
      DataFolder(environment: ["HOME": "/home/ada"]).root.path == "/home/ada/.cache/ai-from-scratch/data")
    #expect(
      DataFolder(environment: ["HOME": "/h", "LAB_DATA": ""]).root.path == "/h/.cache/ai-from-scratch/data")
  }

  @Test func embeddedCatalogueIsComplete() throws {
    let catalogue = try Catalogue.embedded()
    let names = catalogue.entries.map(\.name)
    #expect(names == names.sorted())
    #expect(
      Set(names).isSuperset(of: ["mnist", "fashion-mnist", "cifar10", "cora", "names", "tinyshakespeare"]))
    for entry in catalogue.entries {
      #expect(!entry.licence.isEmpty && !entry.citation.isEmpty && !entry.canonical.isEmpty, "\(entry.name)")
      #expect(!entry.files.isEmpty)
      for file in entry.files {
        #expect(file.bytes > 0)
        #expect(file.addresses.allSatisfy { URL(string: $0)?.scheme?.hasPrefix("http") == true })
      }
    }
    #expect(catalogue["fashion_mnist"]?.name == "fashion-mnist")
    #expect(catalogue["mnist"]?.isFetchable == true)
    #expect(catalogue["mnist"]?.files.allSatisfy { $0.addresses.count >= 2 } == true)
    #expect(catalogue["cifar10"]?.isFetchable == false)
    #expect(catalogue["neu-det"]?.files.count == 3600)
    let moved = catalogue["neu-det"]?.files.first { $0.path == "IMAGES/crazing_151.jpg" }
    #expect(moved?.addresses.first?.hasSuffix("/Validation_Images/crazing_151.jpg") == true)
    #expect(catalogue["magnetic-tile"]?.files.first?.addresses.first?.hasSuffix("108719.jpg") == true)
  }

  @Test func aPublishedCatalogueAddsItsSets() throws {
    let folder = try TemporaryFolder()
    let sum = String(repeating: "0", count: 64)
    let entries = ["mnist", "flowers"].map { name in
      """
      {"name": "\(name)", "title": "t", "licence": "l", "citation": "c", "canonical": [],
       "files": [{"file": "a/b.csv", "bytes": 3, "sha256": "\(sum)", "url": null}]}
      """
    }
    try folder.write("[\(entries.joined(separator: ","))]".utf8, to: "CATALOG.json")
    let dataFolder = DataFolder(folder.url.path)
    let flowers = try dataFolder.entry("flowers")
    #expect(flowers.files.map(\.path) == ["a/b.csv"])
    #expect(!flowers.isFetchable)
    // What this module knows itself is not replaced by what lies in a folder.
    #expect(try dataFolder.catalogue()["mnist"]?.bytes == 11_594_722)
    expectLabError(mentioning: "\"flower\"", "did you mean flowers?", "mnist") {
      _ = try dataFolder.entry("flower")
    }
  }

  @Test(arguments: [
    "", "{}", "[1]", #"[{"name": ".."}]"#, #"[{"name": "a/b"}]"#, #"[{"name": "x"}]"#,
    #"[{"name": "x", "title": "t", "licence": "l", "citation": "c", "files": [{"file": "../y"}]}]"#,
    #"[{"name": "x", "title": "\u001b[2J", "licence": "l", "citation": "c", "files": []}]"#,
  ])
  func refusesAnotherCatalogue(text: String) {
    expectLabError(mentioning: "here.json") {
      _ = try Catalogue(parsing: Array(text.utf8), file: "here.json")
    }
  }

  @Test(arguments: ["/etc/passwd", "../x", "a/../../x", "a//b", ".hidden", "", "a/\u{0}"])
  func refusesPathsThatLeaveTheFolder(path: String) {
    let json: JSONValue = [
      [
        "name": "x", "title": "t", "licence": "l", "citation": "c",
        "files": [["file": .string(path), "bytes": 1, "sha256": .string(String(repeating: "a", count: 64))]],
      ]
    ]
    expectLabError(mentioning: "here.json", "\"x\"") {
      _ = try Catalogue(parsing: json.utf8(), file: "here.json")
    }
  }

  @Test func aDamagedFileIsNamedWithTheCommand() throws {
    let folder = try TemporaryFolder()
    let dataFolder = DataFolder(folder.url.path)
    let mnist = try dataFolder.entry("mnist")
    let path = "train-images-idx3-ubyte.gz"
    for (bytes, complaint) in [
      ([], "is empty"), ([1, 2], "has 2 bytes instead of 9912422"),
      ([UInt8](repeating: 1, count: 9_912_422), "has a wrong checksum"),
    ] {
      try folder.write(bytes, to: "mnist/\(path)")
      expectLabError(mentioning: path, complaint, "lab data fetch mnist") { _ = try dataFolder.mnist() }
    }
    let file = try #require(mnist.files.first { $0.path == path })
    #expect(dataFolder.status(of: file, in: mnist) == .wrongChecksum)
    #expect(dataFolder.status(of: mnist.files[0], in: mnist) == .missing)
    #expect(dataFolder.presentFileCount(mnist) == 1)
  }
}
