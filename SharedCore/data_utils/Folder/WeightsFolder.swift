import Foundation
import Utils

/// Where downloaded weights lie, and how a source becomes a file there.
///
/// The folder is the one that `LAB_WEIGHTS` names, else `$XDG_CACHE_HOME/ai-from-scratch/weights`, else
/// `~/.cache/ai-from-scratch/weights`.
public struct WeightsFolder: Sendable {
  /// The published weights that are known by name, compiled in or, in tests, others.
  public let catalogue: Catalogue
  private let folder: DataFolder

  /// The largest file that is downloaded from an address of which nothing is known, in bytes.
  private static let largest = 16 << 30

  /// The folder that the environment names, with the catalogue that is compiled in.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
    self.init(
      try Catalogue(parsing: Resource.bytes("pretrained.json"), file: "the catalogue of weights"), environment
    )
  }

  init(_ catalogue: Catalogue, _ environment: [String: String]) {
    self.catalogue = catalogue
    folder = DataFolder(ofWeights: environment)
  }

  /// The folder; it may not exist yet.
  public var root: URL { folder.root }

  /// Whether the weights of `entry` are there, whatever their sums.
  public func holds(_ entry: CatalogueEntry) -> Bool { folder.presentFileCount(entry) == entry.files.count }

  /// The file that `source` means: a path, an address, or a name of the catalogue (`timm/` before it does not count).
  ///
  /// What is not here yet is downloaded, and checked: against the catalogue, or against the sum that an address ends with
  /// (`#sha256=...`) or that its file's name holds, as torchvision's do (`resnet18-f37072fd.pth`).
  ///
  /// - Parameters:
  ///   - mayDownload: false throws instead of downloading.
  ///   - report: told what happens while the file is fetched.
  ///   - check: throws where what came from an address is no file of weights; it is not kept then.
  public func file(
    for source: String, mayDownload: Bool = true, report: (String) -> Void = { _ in },
    check: (URL) throws -> Void = { _ in }
  ) throws -> URL {
    if ["https://", "http://", "file://"].contains(where: source.lowercased().hasPrefix) {
      return try file(at: source, mayDownload, check, report)
    }
    let path = (source as NSString).expandingTildeInPath
    if FileManager.default.fileExists(atPath: path) { return URL(fileURLWithPath: path) }
    let name = source.hasPrefix("timm/") ? String(source.dropFirst(5)) : source
    guard let entry = catalogue.entries.first(where: { $0.name == name }), let file = entry.files.first else {
      throw unknown(source)
    }
    if !mayDownload, !holds(entry) { throw notHere(source) }
    try folder.fetch(entry) { event in
      switch event {
      case .began(_, let address, let start):
        report("downloading \(address)" + (start > 0 ? ", going on" : ""))
      case .failed(_, let address, let reason): report("\(address) did not work: \(reason)")
      case .finished(let file): report("\(file.bytes) bytes, checksum right")
      case .present, .progressed: break
      }
    }
    return folder.url(file, of: entry)
  }

  /// The file at `address`, kept under a name that follows from the address.
  private func file(
    at address: String, _ mayDownload: Bool, _ check: (URL) throws -> Void, _ report: (String) -> Void
  ) throws -> URL {
    let (address, sum) = try Self.sum(in: address)
    let place = root.appending(path: "addresses/\(SHA256.hex(of: Array(address.utf8)).prefix(16))")
    let target = place.appending(path: Self.name(in: address))
    if FileManager.default.fileExists(atPath: target.path), try Self.isRight(target, sum) {
      // What was kept without a sum may be no weights at all.
      if !mayDownload || sum != nil || (try? check(target)) != nil { return target }
    }
    guard mayDownload else { throw notHere(address) }
    try folder.createFolder(place)
    let lock = try DownloadLock(place)
    defer { lock.release() }
    let part = target.appendingPathExtension("part")
    unlink(part.path)  // its first bytes may be those of another file
    report("downloading \(address)")
    var failure = try Curl.run(address, to: part, from: 0, limit: Self.largest) { _ in }
    if failure == nil, try !Self.isRight(part, sum) { failure = "its checksum is wrong" }
    if failure == nil {
      do { try check(part) } catch let error as LabError {
        failure = error.cause.replacing(part.relativePath, with: "what came")
      }
    }
    if let failure {
      unlink(part.path)
      throw LabError(
        .data, "\(address) could not be downloaded: \(failure)",
        remedy: "check the address and the network, or give the path of a copy")
    }
    guard rename(part.path, target.path) == 0 else {
      throw LabError(
        .data, "\(part.path) cannot be renamed (\(InputFile.lastSystemError()))",
        remedy: "check that you may write to the folder")
    }
    report(sum == nil ? "no checksum is known for it" : "checksum right")
    return target
  }

  /// The address without its fragment, and the SHA-256 that the file must have or begin with, if one is known.
  private static func sum(in address: String) throws -> (address: String, sum: String?) {
    let parts = address.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else {
      let stem = (name(in: address) as NSString).deletingPathExtension
      let digits = stem.split(separator: "-").dropFirst().last.map(String.init) ?? ""
      return (address, digits.utf8.count >= 8 && digits.allSatisfy(\.isLowerHex) ? digits : nil)
    }
    let sum = parts[1].lowercased()
    guard sum.hasPrefix("sha256="), sum.utf8.count == 71, sum.dropFirst(7).allSatisfy(\.isLowerHex) else {
      throw LabError(
        .usage, "\(address) ends with \(("#" + parts[1]).quoted)",
        remedy: "leave it out, or end the address with #sha256= and 64 hexadecimal digits")
    }
    return (parts[0], String(sum.dropFirst(7)))
  }

  private static func isRight(_ file: URL, _ sum: String?) throws -> Bool {
    guard let sum else { return true }
    return try SHA256.hex(ofFileAt: file).hasPrefix(sum)
  }

  /// The last part of the address's path, if it can be a file's name.
  private static func name(in address: String) -> String {
    let path = address.prefix { $0 != "?" && $0 != "#" }
    let name = path.split(separator: "/").dropFirst(2).last.map(String.init) ?? ""
    return name.hasPrefix(".") || name.isEmpty || name.utf8.count > 200 ? "weights" : name
  }

  private func unknown(_ source: String) -> LabError {
    let names = catalogue.entries.map(\.name)
    let near = nearestName(to: source, in: names).map { "did you mean \($0)? " } ?? ""
    return LabError(
      .usage, "\(source) is no file, no address and no name of the catalogue",
      remedy: near + "the names are \(names.joined(separator: ", "))")
  }

  private func notHere(_ source: String) -> LabError {
    LabError(
      .data, "the weights \(source) are not in \(root.path)",
      remedy: "give --pretrained \(source) to download them, or --no-pretrained to begin without")
  }
}

extension Character {
  fileprivate var isLowerHex: Bool { isHexDigit && !isUppercase }
}
