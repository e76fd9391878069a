import Foundation
import Utils

/// Where downloaded data sets lie: a folder with a folder for each set.
///
/// A folder that somebody published with a CATALOG.json beside its sets is accepted as it is.
public struct DataFolder: Sendable {
  /// The folder; it may not exist yet.
  public let root: URL
  /// How the folder was chosen: "--data-root", "LAB_DATA" or "the default".
  public let origin: String
  /// How another folder is chosen: "--data-root or LAB_DATA".
  let choice: String

  /// The folder `explicit` (the flag `--data-root`), else the one that `LAB_DATA` names, else
  /// `$XDG_CACHE_HOME/ai-from-scratch/data`, else `~/.cache/ai-from-scratch/data`.
  public init(
    _ explicit: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    choice = "--data-root or LAB_DATA"
    if let explicit {
      (root, origin) = (Self.folder(explicit), "--data-root")
    } else {
      (root, origin) = Self.root("LAB_DATA", "data", environment)
    }
  }

  /// The folder of downloaded weights: the one that `LAB_WEIGHTS` names, else a neighbour of the data sets'.
  init(ofWeights environment: [String: String]) {
    choice = "LAB_WEIGHTS"
    (root, origin) = Self.root(choice, "weights", environment)
  }

  /// The folder that the variable `name` names, else `kind` in the user's cache; and which of the two it is.
  private static func root(_ name: String, _ kind: String, _ environment: [String: String]) -> (URL, String) {
    func set(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let path = set(name) { return (folder(path), name) }
    let home = set("HOME").map(folder) ?? FileManager.default.homeDirectoryForCurrentUser
    let cache = set("XDG_CACHE_HOME").map(folder) ?? home.appending(path: ".cache")
    return (cache.appending(path: "ai-from-scratch/\(kind)"), "the default")
  }

  private static func folder(_ path: String) -> URL {
    URL(fileURLWithPath: (path as NSString).expandingTildeInPath, isDirectory: true)
  }

  /// The compiled-in catalogue, together with what the folder's own CATALOG.json adds to it.
  public func catalogue() throws -> Catalogue {
    let own = try Catalogue.embedded()
    let published = root.appending(path: "CATALOG.json")
    guard FileManager.default.fileExists(atPath: published.path) else { return own }
    let more = try Catalogue(parsing: InputFile.read(published), file: published.path)
    return Catalogue(entries: own.entries + more.entries.filter { own[$0.name] == nil })
  }

  /// The set called `name`, compiled in or from the folder's CATALOG.json; an unknown name lists the known ones.
  public func entry(_ name: String) throws -> CatalogueEntry {
    if let entry = try Catalogue.embedded()[name] { return entry }
    let catalogue = try catalogue()
    if let entry = catalogue[name] { return entry }
    throw unknownName(name, what: "downloadable data set", known: catalogue.entries.map(\.name))
  }

  /// Where `file` of the set `entry` lies or would lie.
  public func url(_ file: CatalogueEntry.File, of entry: CatalogueEntry) -> URL {
    root.appending(path: entry.name).appending(path: file.path)
  }

  /// The content of the file called `path` of `entry`, its size and checksum compared with the catalogue.
  func verifiedBytes(_ path: String, of entry: CatalogueEntry) throws -> [UInt8] {
    guard let file = entry.files.first(where: { $0.path == path }) else {
      trap("the catalogue lists no file \(path) of \(entry.name)")
    }
    let url = url(file, of: entry)
    guard let size = InputFile.size(url) else {
      throw LabError(
        .data, "the data set \(entry.name) is not in \(root.path) (\(file.path) is missing)",
        remedy: remedy(for: entry))
    }
    guard size == file.bytes else {
      let what = size == 0 ? "is empty" : "has \(size) bytes instead of \(file.bytes)"
      throw LabError(.data, "\(url.path) \(what)", remedy: remedy(for: entry))
    }
    let bytes = try InputFile.read(url, remedy: remedy(for: entry))
    guard SHA256.hex(of: bytes) == file.sha256 else {
      throw LabError(.data, "\(url.path) has a wrong checksum", remedy: remedy(for: entry))
    }
    return bytes
  }

  /// How to get a good copy of `entry`: the exact command, or where the original is.
  public func remedy(for entry: CatalogueEntry) -> String {
    guard entry.isFetchable else {
      return
        "these files have no public address; the original is \(entry.canonical.joined(separator: " or ")), "
        + "or name a folder that has them with --data-root or LAB_DATA"
    }
    return "in the workspace's folder, run: swift run lab data fetch \(entry.name)"
      + (origin == "--data-root" ? " --data-root \(root.path)" : "")
  }
}
