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
      files: try files.map {
        guard let file = $0.array.map({ row in Self.file(row, json["base"]?.string) }) ?? Self.file($0) else {
          throw wrong("a file without a usable name, size or checksum")
        }
        return file
      })
  }

  /// A file as an object: {"file": "a.csv", "bytes": 3, "sha256": "00", "urls": ["https://b.org/a.csv"]}.
  private static func file(_ json: JSONValue) -> CatalogueEntry.File? {
    let addresses = (json["urls"]?.array ?? [json["url"] ?? nil]).compactMap(\.string)
    return file(json["file"]?.string, json["bytes"]?.int, json["sha256"]?.string, addresses)
  }

  /// A file as a row: its path, size and checksum, and its path below `base` where that is another.
  private static func file(_ row: [JSONValue], _ base: String?) -> CatalogueEntry.File? {
    guard row.count == 3 || row.count == 4 else { return nil }
    let address = row.count == 4 ? row[3].string : row[0].string
    return file(
      row[0].string, row[1].int, row[2].string, base.flatMap { base in address.map { [base + $0] } } ?? [])
  }

  private static func file(
    _ path: String?, _ bytes: Int?, _ sum: String?, _ addresses: [String]
  ) -> CatalogueEntry.File? {
    guard let path, isSafe(path), let bytes, bytes >= 0, let sum, sum.utf8.count == 64 else { return nil }
    return CatalogueEntry.File(path: path, bytes: bytes, sha256: sum, addresses: addresses)
  }

  /// Whether `path` stays inside its folder and is no hidden file.
  private static func isSafe(_ path: String) -> Bool {
    !path.isEmpty && !path.contains("\0")
      && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
        $0 != "" && !$0.hasPrefix(".")
      }
  }
}
