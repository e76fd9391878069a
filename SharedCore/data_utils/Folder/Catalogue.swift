import Foundation
import Utils

/// A published data set: what its files are, how they must look and where they come from.
public struct CatalogueEntry: Equatable, Sendable {
  /// One file of a data set.
  public struct File: Equatable, Sendable {
    /// Where it lies in the folder of its set: "train-images-idx3-ubyte.gz", "text/nodes.tsv".
    public let path: String
    /// Its size.
    public let bytes: Int
    /// Its checksum, 64 hexadecimal digits.
    public let sha256: String
    /// Where to get it, the best place first; empty when these very bytes have no public address.
    public let addresses: [String]
  }

  /// "mnist": what it is called on the command line and the name of its folder.
  public let name: String
  /// "MNIST handwritten digits".
  public let title: String
  /// The terms under which the data may be used.
  public let licence: String
  /// Whom to cite.
  public let citation: String
  /// Where the publisher or a faithful mirror keeps the original.
  public let canonical: [String]
  /// The files.
  public let files: [File]

  /// The size of all files together, in bytes.
  public var bytes: Int { files.reduce(0) { $0 + $1.bytes } }

  /// Whether `lab data fetch` can get every file.
  public var isFetchable: Bool { files.allSatisfy { !$0.addresses.isEmpty } }
}

/// A list of published data sets, compiled in or found in a data folder as CATALOG.json.
public struct Catalogue: Sendable {
  /// The sets, by name.
  public let entries: [CatalogueEntry]

  /// The catalogue that is compiled in.
  public static func embedded() throws -> Catalogue {
    try Catalogue(parsing: Resource.bytes("catalogue.json"), file: "the embedded catalogue")
  }

  /// The catalogue in `bytes`, the content of `file`; throws unless every entry is complete and stays in its folder.
  public init(parsing bytes: [UInt8], file: String) throws {
    let json: JSONValue
    do {
      json = try JSONValue(parsing: bytes)
    } catch {
      throw LabError(.data, "\(file) is not JSON: \(error)", remedy: Self.remedy)
    }
    guard let list = json.array else {
      throw LabError(.data, "\(file) is not a list of data sets", remedy: Self.remedy)
    }
    entries = try list.enumerated().map { try Self.entry($1, number: $0, file: file) }
  }

  init(entries: [CatalogueEntry]) { self.entries = entries.sorted { $0.name < $1.name } }

  /// The set called `name`, `-` and `_` alike.
  public subscript(name: String) -> CatalogueEntry? {
    entries.first { $0.name.replacing("_", with: "-") == name.replacing("_", with: "-") }
  }

  private static let remedy = "copy the catalogue again or remove it"

  private static func entry(_ json: JSONValue, number: Int, file: String) throws -> CatalogueEntry {
    let name = json["name"]?.string ?? ""
    func wrong(_ what: String) -> LabError {
      LabError(.data, "entry \(number) (\(name.quoted)) of \(file) has \(what)", remedy: remedy)
    }
    guard isSafe(name), !name.contains("/") else { throw wrong("no usable name") }
    guard let title = json["title"]?.string, let licence = json["licence"]?.string,
      let citation = json["citation"]?.string, let files = json["files"]?.array
    else { throw wrong("no title, licence, citation or files") }
    guard
      [name, title, licence, citation].allSatisfy({
        !$0.unicodeScalars.contains { $0.properties.generalCategory == .control }
      })
    else { throw wrong("control characters in its texts") }
    return CatalogueEntry(
      name: name, title: title, licence: licence, citation: citation,
      canonical: (json["canonical"]?.array ?? []).compactMap(\.string),
      files: try files.map { json in
        guard let path = json["file"]?.string, isSafe(path), let bytes = json["bytes"]?.int, bytes >= 0,
          let sum = json["sha256"]?.string, sum.utf8.count == 64
        else { throw wrong("a file without a usable name, size or checksum") }
        let addresses = (json["urls"]?.array ?? [json["url"] ?? nil]).compactMap(\.string)
        return CatalogueEntry.File(path: path, bytes: bytes, sha256: sum, addresses: addresses)
      })
  }

  /// Whether `path` stays inside its folder and is no hidden file.
  private static func isSafe(_ path: String) -> Bool {
    !path.isEmpty && !path.contains("\0")
      && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
        $0 != "" && !$0.hasPrefix(".")
      }
  }
}
